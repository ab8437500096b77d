import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProgram } from './program.ts'
import { sendOnce } from './redis-server.ts'

type Started = Awaited<ReturnType<typeof startProgram>>

export const HOST = '127.0.0.1'

/** Servers of Redis by their ports, which keep their folders while they are away. Ends those that run when it is disposed. */
export async function redisNodes() {
  const parent = await mkdtemp(join(tmpdir(), 'forum-redis-'))
  const running = new Map<number, Started>()

  return {
    isRunning: (port: number): boolean => running.has(port),

    /** `lines` are those of its configuration. */
    async start(port: number, lines: readonly string[], ...flags: readonly string[]): Promise<void> {
      const folder = join(parent, String(port))
      await mkdir(folder, { recursive: true })
      const common = [`port ${port}`, `bind ${HOST}`, `dir ${folder}`, 'save ""', 'appendonly no', ...lines]
      const files = { 'redis.conf': `${common.join('\n')}\n` }
      const args = (own: string) => [join(own, 'redis.conf'), ...flags]
      running.set(port, await startProgram('redis-server', { files, args, port }))
    },

    async kill(port: number): Promise<void> {
      const node = running.get(port)
      running.delete(port)
      process.kill(node?.pid ?? 0, 'SIGKILL')
      await node?.[Symbol.asyncDispose]()
    },

    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all([...running.values()].map((node) => node[Symbol.asyncDispose]()))
      await rm(parent, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** What a command answers, on a connection of its own; numbers and texts in lists. */
export const askRedis = (port: number, ...words: readonly string[]): Promise<unknown> =>
  sendOnce({ url: `redis://${HOST}:${port}`, RESP: 2 }, words)

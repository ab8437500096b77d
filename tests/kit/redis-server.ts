import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'redis'

/** A Redis of its own, to be killed, paused and filled up by one suite. What it has saved is there after a restart. */
export async function startRedisServer() {
  const folder = await mkdtemp(join(tmpdir(), 'forum-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let server: ChildProcess | null = null

  /** What a command answers, on a connection of its own. */
  async function command(...words: readonly string[]): Promise<unknown> {
    const client = createClient({ url, socket: { reconnectStrategy: false } })
    client.on('error', () => {})
    await client.connect()
    try {
      return await client.sendCommand(words)
    } finally {
      client.destroy()
    }
  }

  async function start(): Promise<void> {
    const options = ['--port', String(port), '--dir', folder, '--save', '', '--bind', '127.0.0.1']
    server = spawn('redis-server', options, { stdio: 'ignore' })
    for (let tries = 0; tries < 100; tries++) {
      const answer = await command('PING').catch(() => null)
      if (answer === 'PONG') return
      await sleep(50)
    }
    throw new Error('redis-server did not start.')
  }

  async function kill(): Promise<void> {
    const ended = server?.exitCode === null ? once(server, 'exit') : null
    server?.kill('SIGKILL')
    await ended
  }

  process.once('exit', () => server?.kill('SIGKILL'))
  await start()
  return {
    url,
    command,
    start,
    kill,
    pause: () => void server?.kill('SIGSTOP'),
    resume: () => void server?.kill('SIGCONT'),
    close: async () => {
      await kill()
      await rm(folder, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

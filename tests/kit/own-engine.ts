import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('../../scripts/engines', import.meta.url))

/** A server that nobody else uses, so that it can be killed; null where it is not installed. It is not yet started. */
export async function ownEngine(engine: 'redis' | 'nats' | 'rabbitmq') {
  const port = await threeFreePorts()
  const parent = await mkdtemp(join(tmpdir(), 'forum-own-'))
  await chmod(parent, 0o755)
  const env = { ...process.env, ENGINES_DIR: join(parent, 'engines'), [`${engine.toUpperCase()}_PORT`]: String(port) }
  const call = async (verb: string) => (await run(SCRIPT, [verb, engine], { env })).stdout

  const [, address] = (await call('env')).trim().split('=')
  return {
    url: address ?? '',
    start: () => call('start').then(() => {}),
    kill: () => call('kill').then(() => {}),
    async destroy() {
      await call('destroy')
      await rm(parent, { recursive: true, force: true })
    },
  }
}

/** The first of three ports in a row, as RabbitMQ needs them. */
async function threeFreePorts(): Promise<number> {
  const first = 20_000 + Math.floor(Math.random() * 10_000)
  const free = await Promise.all([first, first + 1, first + 2].map(isFree))
  return free.every(Boolean) ? first : threeFreePorts()
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Engine = Readonly<{ url: string; stop: () => void }>

const ENGINES = join(import.meta.dirname, '../scripts/engines')

/** The PostgreSQL of TEST_POSTGRES_URL, or a private one, durable as in production, that is gone after the run. */
export async function startEngine(): Promise<Engine> {
  const given = process.env['TEST_POSTGRES_URL']?.trim()
  if (given) return { url: given, stop: () => {} }

  const folder = mkdtempSync(join(tmpdir(), 'forum-bench-'))
  const env = { ...process.env, ENGINES_DIR: folder, POSTGRES_PORT: String(await freePort()) }
  const engines = (verb: string) => execFileSync(ENGINES, [verb, 'postgres'], { env, encoding: 'utf8' })
  const stop = () => {
    engines('destroy')
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    engines('start')
    const [, url] = /TEST_POSTGRES_URL=(\S+)/.exec(engines('env')) ?? []
    return { url: String(url), stop }
  } catch (error) {
    stop()
    throw error
  }
}

export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer()
  server.on('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return promise
}

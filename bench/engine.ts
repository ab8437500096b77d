import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The setting by which a server that runs already is named. */
const SETTINGS = {
  postgres: 'TEST_POSTGRES_URL',
  mariadb: 'TEST_MARIADB_URL',
  mysql: 'TEST_MYSQL_URL',
  mongodb: 'TEST_MONGODB_URL',
  nats: 'TEST_NATS_URL',
  rabbitmq: 'TEST_AMQP_URL',
  kafka: 'TEST_KAFKA_URL',
} as const

export type EngineName = keyof typeof SETTINGS

/** What a run uses, by name: `postgres` is always there. */
export type Engines = Readonly<{ urls: Readonly<Record<string, string>>; stop: () => void }>

const ENGINES = join(import.meta.dirname, '../scripts/engines')

/** As durable as the others. */
const DURABLE = { MONGODB_OPTIONS: '--sync-on-commit' }

/** PostgreSQL and these: those that TEST_…_URL name, or private ones, durable as in production, that are gone after the run. */
export async function startEngines(others: readonly EngineName[]): Promise<Engines> {
  const names = [...new Set<EngineName>(['postgres', ...others])]
  const given = names.map((name) => [name, givenUrl(name)] as const)
  const missing = given.flatMap(([name, url]) => (url === '' ? [name] : []))
  if (missing.length === 0) return { urls: Object.fromEntries(given), stop: () => {} }

  const folder = mkdtempSync(join(tmpdir(), 'forum-bench-'))
  const env: NodeJS.ProcessEnv = { ...DURABLE, ...process.env, ENGINES_DIR: folder }
  for (const name of missing) env[`${name.toUpperCase()}_PORT`] = String(await freePort())
  const engines = (verb: string) => execFileSync(ENGINES, [verb, ...missing], { env, encoding: 'utf8' })
  const stop = () => {
    engines('destroy')
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    engines('start')
    const started = engines('env')
    const urlOf = (name: EngineName) => new RegExp(`${SETTINGS[name]}=(\\S+)`).exec(started)?.[1]
    return { urls: Object.fromEntries(given.map(([name, url]) => [name, url || String(urlOf(name))])), stop }
  } catch (error) {
    stop()
    throw error
  }
}

/** Whether it runs already, or `scripts/engines` can start it. */
export function isAvailable(name: EngineName): boolean {
  if (givenUrl(name) !== '') return true
  try {
    execFileSync(ENGINES, ['installed', name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const givenUrl = (name: EngineName): string => process.env[SETTINGS[name]]?.trim() ?? ''

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

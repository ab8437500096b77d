import { execFile, spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { skipWithout } from './engines.ts'
import { freePorts } from './service.ts'

type OwnedEngine =
  | 'postgres'
  | 'mariadb'
  | 'mysql'
  | 'mongodb'
  | 'redis'
  | 'nats'
  | 'rabbitmq'
  | 'kafka'
  | 'openfga'
  | 'consul'

const SCRIPT = join(import.meta.dirname, '../../scripts/engines')

/** The same as `skipWithout`, for suites that kill a server, and so need their own. */
export function skipWithoutOwn(engine: OwnedEngine): string | false {
  const isInstalled = () => spawnSync(SCRIPT, ['installed', engine]).status === 0
  return skipWithout(engine, 'own') || (isInstalled() ? false : `the programs of ${engine} are not installed here`)
}

/** A server that no other suite uses, so that it can be killed. It is not started yet; its data survives a kill. */
export async function ownEngine(engine: OwnedEngine, settings: Readonly<Record<string, string>> = {}) {
  const port = await threeFreePorts()
  const parent = await mkdtemp(join(tmpdir(), 'forum-own-'))
  await chmod(parent, 0o755)
  const own = { ENGINES_DIR: join(parent, 'engines'), [`${engine.toUpperCase()}_PORT`]: String(port), ...settings }
  const env = { ...process.env, ...own }
  const call = async (verb: string, more: Readonly<Record<string, string>> = {}) =>
    (await promisify(execFile)(SCRIPT, [verb, engine], { env: { ...env, ...more } })).stdout
  const [, address] = /=(.*)/.exec(await call('env')) ?? []
  let pid = 0

  async function destroy(): Promise<void> {
    await call('destroy')
    await rm(parent, { recursive: true, force: true })
  }

  return {
    url: address ?? '',
    /** With other settings than before, if it was wiped. */
    async start(more: Readonly<Record<string, string>> = {}): Promise<void> {
      pid = Number(/pid (\d+)/.exec(await call('start', more))?.[1])
    },
    /** SIGKILL to it and its children. */
    kill: () => call('kill').then(() => {}),
    /** Removes all that it kept; it may be started again. */
    wipe: () => call('destroy').then(() => {}),
    /** For servers that are one process, at once. */
    pause: () => void process.kill(pid, 'SIGSTOP'),
    resume: () => void process.kill(pid, 'SIGCONT'),
    destroy,
    [Symbol.asyncDispose]: destroy,
  }
}

/** The first of three ports in a row, as RabbitMQ needs them. */
async function threeFreePorts(): Promise<number> {
  const [first = 0, , last] = await freePorts(3)
  return last === first + 2 ? first : threeFreePorts()
}

import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { skipWithout } from '../../kit/engines.ts'
import { freePort } from './ports.ts'

const ENGINES = join(import.meta.dirname, '../../../scripts/engines')
const isInstalled = globSync('/usr/lib/postgresql/*/bin/initdb').length > 0

/** Whoever wants to kill a server needs one of their own, which the PostgreSQL of the tests may not be. */
export const skipWithoutServerPrograms: string | false =
  skipWithout('postgres') || (isInstalled ? false : 'the programs of a PostgreSQL server are not installed here')

/** A server of its own, which syncs to the disk, and may be killed. */
export async function startPrivatePostgres() {
  const folder = await mkdtemp(join(tmpdir(), 'forum-chaos-'))
  await chmod(folder, 0o755)
  const port = await freePort()
  const env = { ...process.env, ENGINES_DIR: join(folder, 'engines'), POSTGRES_PORT: String(port) }
  const engines = (verb: string) => promisify(execFile)(ENGINES, [verb, 'postgres'], { env })

  await engines('start')
  return {
    url: `postgres://postgres@127.0.0.1:${port}/test`,
    /** SIGKILL to the postmaster and all its children. */
    kill: () => engines('kill'),
    start: () => engines('start'),

    async [Symbol.asyncDispose](): Promise<void> {
      await engines('destroy')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

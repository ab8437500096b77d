import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { withRetry } from '../retry-policy.ts'
import { commitCounted } from '../sql/commit-counted.ts'
import type { Queries, SqlDatabase } from '../sql/database.ts'
import type { Value } from '../sql/dialect.ts'
import { keptOpen, openPool } from '../sql/sessions.ts'
import { CONFLICTS, type Command } from '../sql/statement.ts'
import { parseDatabaseUrl } from './database-url.ts'
import { LockTimeout, meaningOf, meaningOfCommit, translateError } from './errors.ts'
import { changedBy, openSession, type Session } from './session.ts'

export type MariadbOptions = Readonly<{ url: string; poolSize: number; onIdleError: (error: Error) => void }>

/** Together they stay below what a client waits for an answer; deadlocks are seen at once. */
const LIMITS = { statementMs: 2_000, lockS: 1 }

/** Sessions that are shared by all that read, one for the background, and for commits those that each has to itself. */
export function openDatabase({ url, poolSize, onIdleError }: MariadbOptions): SqlDatabase {
  const place = parseDatabaseUrl(url)
  const opening = (commitsEach: boolean) => () =>
    openSession(place, { commitsEach, limits: LIMITS, onIdleError }).catch((cause) => {
      throw new DependencyUnavailable('database', { cause })
    })
  const readers = Array.from({ length: poolSize >= 4 ? 2 : 1 }, () => keptOpen(opening(true)))
  const background = keptOpen(opening(true))
  const writers = openPool(opening(false), Math.max(1, poolSize - readers.length - 1))
  let turn = 0

  const queries = queriesBy(() => readers[turn++ % readers.length]?.session() as Promise<Session>)
  const change = (commands: readonly Command[]) =>
    twice(() => writers.run(({ send }) => commitCounted({ send, changedBy, meaningOf, meaningOfCommit }, commands)))

  return {
    ...queries,
    background: queriesBy(() => background.session()),
    blocking: { query: queries.query, execute: (text, values) => change([{ ...CONFLICTS, text, values }]) },
    commit: async (commands) => void (await change(commands)),

    poolUsage: writers.usage,

    async ping() {
      const [row] = await queries.query('select @@global.read_only as isReadOnly', [])
      const { isReadOnly } = row as { isReadOnly: unknown }
      if (!['0', 'OFF'].includes(String(isReadOnly))) throw new DependencyUnavailable('database')
    },

    async close() {
      await Promise.all([...readers, background, writers].map((one) => one.close()))
    },
  }
}

function queriesBy(session: () => Promise<Session>): Queries {
  const ask = (text: string, values: readonly Value[]) =>
    withRetry(async () => {
      try {
        return await (await session()).send(text, values)
      } catch (error) {
        throw translateError(error)
      }
    })
  return {
    query: async (text, values) => (await ask(text, values)) as readonly unknown[],
    execute: async (text, values) => changedBy(await ask(text, values)),
  }
}

/** Retries once after a lock wait time-out. */
const twice = <Result>(task: () => Promise<Result>): Promise<Result> =>
  task().catch((error) => {
    if (error instanceof LockTimeout) return task()
    throw error
  })

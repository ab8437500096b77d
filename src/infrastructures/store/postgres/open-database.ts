import type { QueryResult } from 'pg'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { persistently } from '../patience.ts'
import type { Queries, SqlDatabase } from '../sql/database.ts'
import type { Value } from '../sql/dialect.ts'
import { commit, execute, read } from './commit.ts'
import { TakesNoWrites } from './connection-errors.ts'
import { parseDatabaseUrl } from './database-url.ts'
import { type Lane, openLane } from './lane.ts'
import { openLanes } from './lanes.ts'
import { renewing } from './renewing.ts'
import { openSession, type SessionOptions } from './session.ts'

export type PostgresOptions = Readonly<{
  url: string
  poolSize: number
  onIdleError: (error: Error) => void
  /** Called once, when it turns out that a pooler is in between. */
  onPooler?: (() => void) | undefined
}>

/**
 * How long each wait may take, in milliseconds; together they stay below what a client waits for an answer. A lock is
 * awaited for longer than the second after which the server looks for deadlocks, as those are worth another attempt.
 */
const OPTIONS: SessionOptions = {
  limits: { statement_timeout: 2_000, lock_timeout: 1_200, idle_in_transaction_session_timeout: 5_000 },
  connectTimeoutMs: 1_000,
  queryTimeoutMs: 2_500,
}

/** A read waits only for whoever alters the table, and meanwhile holds up all others on its lane. */
const READ_OPTIONS: SessionOptions = {
  ...OPTIONS,
  limits: { ...OPTIONS.limits, lock_timeout: 300 },
  queryTimeoutMs: 2_000,
}

/** So many reads follow each other on one connection, and so many commits: what is ahead may have to wait for a lock. */
const DEPTH = { reads: 1_000, commits: 8 } as const

/** Connections to a server, on all of which statements are pipelined: a few for reading, the others for commits. */
export function openDatabase({ url, poolSize, onIdleError, onPooler }: PostgresOptions): SqlDatabase {
  const open = sessionsOf(url, onPooler)
  const readers = poolSize >= 4 ? 2 : 1
  const all: Lane[] = []
  const lanesOf = (count: number, depth: number, options = OPTIONS) => {
    const lanes = Array.from({ length: count }, () => openLane(() => open.session(options), onIdleError))
    all.push(...lanes)
    return openLanes(lanes, depth)
  }
  const reading = lanesOf(readers, DEPTH.reads, READ_OPTIONS)
  const committing = lanesOf(Math.max(1, poolSize - readers - 1), DEPTH.commits)
  const background = lanesOf(1, DEPTH.reads)

  const renew = (leastAgeMs: number) => {
    for (const lane of all) lane.renew(leastAgeMs)
  }
  const { anew, seenReadOnly } = renewing({ renew, distrust: open.distrust })
  /** Who reads may give way, too: to a standby that follows its primary, or to a lock. */
  const readingOn = (lanes: typeof reading): Queries =>
    queriesBy((sent) => persistently(() => anew(() => lanes.run((session) => read(session, sent)))))
  const queries = readingOn(reading)

  return {
    ...queries,
    background: readingOn(background),
    patient: queriesBy((sent) => anew(() => committing.run((session) => execute(session, sent)))),

    commit: (commands) => anew(() => committing.run((session) => commit(session, commands))),

    ping: () => mustTakeWrites(queries, seenReadOnly),

    async close() {
      await Promise.all(all.map((lane) => lane.close()))
    },
  }
}

type Send = (sent: Readonly<{ text: string; values: readonly Value[] }>) => Promise<QueryResult>

const queriesBy = (send: Send): Queries => ({
  query: async (text, values) => (await send({ text, values })).rows,
  execute: async (text, values) => (await send({ text, values })).rowCount ?? 0,
})

/** A standby says so of all its transactions; elsewhere it is a default of the server, the database or the role. */
const IS_READ_ONLY = `select current_setting('transaction_read_only') = 'on' as "isReadOnly"`

/** A database that takes no writes is of no use, though it answers. */
async function mustTakeWrites({ query }: Queries, seenReadOnly: () => void): Promise<void> {
  const [row] = await query(IS_READ_ONLY, [])
  if (!(row as { isReadOnly: boolean }).isReadOnly) return
  seenReadOnly()
  throw new DependencyUnavailable('database', { cause: new TakesNoWrites() })
}

/** Opens sessions, all of them as pooled once it is known that they are, or that they are not to be trusted. */
function sessionsOf(text: string, onPooler = () => {}) {
  const url = parseDatabaseUrl(text)
  let isPooled = false

  function distrust(): void {
    if (!isPooled) onPooler()
    isPooled = true
  }

  return {
    distrust,
    async session(options: SessionOptions) {
      const session = await openSession(url, { ...options, isPooled }).catch((cause) => {
        throw new DependencyUnavailable('database', { cause })
      })
      if (session.isPooled) distrust()
      return session
    },
  }
}

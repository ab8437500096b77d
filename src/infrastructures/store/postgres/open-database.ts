import type { QueryResult } from 'pg'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { withRetry } from '../retry-policy.ts'
import type { Queries, SqlDatabase } from '../sql/database.ts'
import type { Value } from '../sql/dialect.ts'
import { commit, execute, read } from './commit.ts'
import { ReadOnlyServer } from './connection-errors.ts'
import { createConnectionPool, createPipelinedConnection, type PipelinedConnection } from './connection-pool.ts'
import { parseDatabaseUrl } from './database-url.ts'
import { openSession, type SessionOptions } from './session.ts'
import { sessionRenewal } from './session-renewal.ts'

export type PostgresOptions = Readonly<{
  url: string
  poolSize: number
  onIdleError: (error: Error) => void
  /** Called once, when a pooler is detected. */
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

/**
 * Commits and the relay find all rows by an index. A plan that is made while a table is empty would scan it, and a session keeps its
 * plans until the table is analyzed again, however much it has grown. Only the lease has no index: its plan seems so dear that
 * PostgreSQL would compile it each time.
 */
const INDEX_OPTIONS: SessionOptions = { ...OPTIONS, limits: { ...OPTIONS.limits, enable_seqscan: 'off', jit: 'off' } }

/** A read waits only for a transaction that alters the table, and meanwhile delays all others on its connection. */
const READ_OPTIONS: SessionOptions = {
  ...OPTIONS,
  limits: { ...OPTIONS.limits, lock_timeout: 300 },
  queryTimeoutMs: 2_000,
}

/** The depth of a pipeline of reads, and of one of commits: an earlier statement may have to wait for a lock. */
const PIPELINE_DEPTH = { reads: 1_000, commits: 8 } as const

/** Connections to a server, on all of which statements are pipelined: a few for reading, the others for commits. */
export function openDatabase({ url, poolSize, onIdleError, onPooler }: PostgresOptions): SqlDatabase {
  const open = sessionsOf(url, onPooler)
  const readers = poolSize >= 4 ? 2 : 1
  const all: PipelinedConnection[] = []
  const poolOf = (count: number, depth: number, options: SessionOptions) => {
    const connections = Array.from({ length: count }, () =>
      createPipelinedConnection(() => open.session(options), onIdleError),
    )
    all.push(...connections)
    return createConnectionPool(connections, depth)
  }
  const readPool = poolOf(readers, PIPELINE_DEPTH.reads, READ_OPTIONS)
  const commitPool = poolOf(Math.max(1, poolSize - readers - 1), PIPELINE_DEPTH.commits, INDEX_OPTIONS)
  const background = poolOf(1, PIPELINE_DEPTH.reads, INDEX_OPTIONS)

  const renew = (minAgeMs: number) => {
    for (const connection of all) connection.renew(minAgeMs)
  }
  const { withRenewal, onReadOnly } = sessionRenewal({ renew, assumePooled: open.assumePooled })
  /** A read may also be aborted for another transaction: on a standby that replays its primary, or for a lock. */
  const readingOn = (connections: typeof readPool): Queries =>
    queriesBy((sent) => withRetry(() => withRenewal(() => connections.run((session) => read(session, sent)))))
  const queries = readingOn(readPool)

  return {
    ...queries,
    background: readingOn(background),
    blocking: queriesBy((sent) => withRenewal(() => commitPool.run((session) => execute(session, sent)))),

    commit: (commands) => withRenewal(() => commitPool.run((session) => commit(session, commands))),

    poolUsage: () => ({
      connections: all.length,
      busy: all.filter((connection) => connection.inFlight() > 0).length,
      waiting: readPool.waiting() + commitPool.waiting() + background.waiting(),
    }),

    ping: () => assertWritable(queries, onReadOnly),

    async close() {
      await Promise.all(all.map((connection) => connection.close()))
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

/** A database that accepts no writes counts as down, although it answers. */
async function assertWritable({ query }: Queries, onReadOnly: () => void): Promise<void> {
  const [row] = await query(IS_READ_ONLY, [])
  if (!(row as { isReadOnly: boolean }).isReadOnly) return
  onReadOnly()
  throw new DependencyUnavailable('database', { cause: new ReadOnlyServer() })
}

/** Opens sessions, all of them as pooled once it is known that they are, or that they are not to be trusted. */
function sessionsOf(text: string, onPooler = () => {}) {
  const url = parseDatabaseUrl(text)
  let isPooled = false

  function assumePooled(): void {
    if (!isPooled) onPooler()
    isPooled = true
  }

  return {
    assumePooled,
    async session(options: SessionOptions) {
      const session = await openSession(url, { ...options, isPooled }).catch((cause) => {
        throw new DependencyUnavailable('database', { cause })
      })
      if (session.isPooled) assumePooled()
      return session
    },
  }
}

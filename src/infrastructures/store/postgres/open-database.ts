import type { Client, ClientConfig } from 'pg'
import { commit, execute } from './commit.ts'
import type { Database, Statement, Value } from './database.ts'
import { translateReadError } from './errors.ts'
import { openLane } from './lane.ts'
import { openLanes } from './lanes.ts'
import { send } from './send.ts'
import { typeParsers } from './type-parsers.ts'

export type PostgresOptions = Readonly<{ url: string; poolSize: number; onIdleError: (error: Error) => void }>

/**
 * How long each wait may take, in milliseconds; together they stay below what a client waits for an answer. A lock is
 * awaited for longer than the second after which the server looks for deadlocks, as those are worth another attempt.
 */
const LIMITS = {
  connectionTimeoutMillis: 1_000,
  statement_timeout: 2_000,
  lock_timeout: 1_200,
  idle_in_transaction_session_timeout: 5_000,
  query_timeout: 2_500,
  keepAlive: true,
} as const

/** A read waits only for whoever alters the table, and meanwhile holds up all others on its lane. */
const READ_LIMITS = { lock_timeout: 300, query_timeout: 2_000 } as const

/** So many reads follow each other on one connection, and so many commits: what is ahead may have to wait for a lock. */
const DEPTH = { reads: 1_000, commits: 8 } as const

/** Connections to a server, on all of which statements are pipelined: a few for reading, the others for commits. */
export function openDatabase({ url, poolSize, onIdleError }: PostgresOptions): Database {
  const config: ClientConfig = { connectionString: url, application_name: 'forum', types: typeParsers, ...LIMITS }
  const readers = poolSize >= 4 ? 2 : 1
  const lanesOf = (count: number, depth: number, own = config) =>
    openLanes(
      Array.from({ length: count }, () => openLane(own, onIdleError)),
      depth,
    )
  const reading = lanesOf(readers, DEPTH.reads, { ...config, ...READ_LIMITS })
  const committing = lanesOf(Math.max(1, poolSize - readers - 1), DEPTH.commits)
  const background = lanesOf(1, DEPTH.reads)

  return {
    query: (statement, values) => reading.run((client) => read(client, statement, values)),
    background: { query: (statement, values) => background.run((client) => read(client, statement, values)) },
    patient: { query: (statement, values) => committing.run((client) => execute(client, { statement, values })) },

    commit: (commands) => committing.run((client) => commit(client, commands)),

    async close() {
      await Promise.all([reading, committing, background].map((lanes) => lanes.close()))
    },
  }
}

async function read(client: Client, statement: Statement, values: readonly Value[]): Promise<readonly unknown[]> {
  try {
    return (await send(client, statement, values)).rows
  } catch (error) {
    throw translateReadError(error)
  }
}

import { type ClientConfig, Pool, type PoolClient } from 'pg'
import { DependencyUnavailable, OutcomeUnknown } from '../../../domains/errors/dependency-errors.ts'
import { commit, execute } from './commit.ts'
import type { Database } from './database.ts'
import { type Lane, openLane } from './lane.ts'
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
const LANE_LIMITS = { lock_timeout: 300, query_timeout: 2_000 } as const

/**
 * Connections to a server: a few shared ones for reading, on which statements are pipelined, and a pool for commits,
 * each of which has a connection to itself for one round trip, so that its outcome is never in doubt because of others.
 */
export function openDatabase({ url, poolSize, onIdleError }: PostgresOptions): Database {
  const config: ClientConfig = { connectionString: url, application_name: 'forum', types: typeParsers, ...LIMITS }
  const lanes = Array.from({ length: poolSize >= 4 ? 2 : 1 }, () => openLane({ ...config, ...LANE_LIMITS }))
  const background = openLane(config)
  const pool = new Pool({
    ...config,
    pipeline: true,
    max: Math.max(1, poolSize - lanes.length - 1),
    idleTimeoutMillis: 0,
  })
  pool.on('error', onIdleError)
  pool.on('connect', (client) => client.on('error', () => {})) // a commit in flight is rejected with the same error

  return {
    query: (statement, values) => leastBusy(lanes).query(statement, values),
    background,
    patient: { query: (statement, values) => alone(pool, (client) => execute(client, { statement, values })) },

    commit: (commands) => alone(pool, (client) => commit(client, commands)),

    async close() {
      await Promise.all([pool.end(), ...[...lanes, background].map((lane) => lane.close())])
    },
  }
}

/** Lends a connection of the pool, which is closed afterwards when it is unclear what became of its work. */
async function alone<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch((cause) => {
    throw new DependencyUnavailable('database', { cause })
  })
  let isDoubtful = false
  try {
    return await work(client)
  } catch (error) {
    isDoubtful = error instanceof OutcomeUnknown
    throw error
  } finally {
    client.release(isDoubtful)
  }
}

/** A lane that a slow query holds up is passed by. */
const leastBusy = (lanes: readonly Lane[]): Lane =>
  lanes.reduce((best, lane) => (lane.inFlight() < best.inFlight() ? lane : best))

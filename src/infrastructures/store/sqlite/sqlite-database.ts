import { withRetry } from '../retry-policy.ts'
import type { Queries, SqlDatabase } from '../sql/database.ts'
import { commandOf } from '../sql/statement.ts'
import { createCheckpoints } from './checkpoints.ts'
import type { SqliteConnection } from './connection.ts'
import { createGroupCommit } from './group-commit.ts'
import { createGroupRead } from './group-read.ts'

/**
 * One file that several processes may share. A read is one synchronous call; all that is written within one turn of the
 * event loop is committed together.
 */
export function sqliteDatabase(connection: SqliteConnection): SqlDatabase {
  const checkpoints = createCheckpoints(connection)
  const commitInGroup = createGroupCommit(connection, checkpoints.afterCommit)

  const queries: Queries = {
    query: createGroupRead(connection),
    execute: (text, values) => commitInGroup([commandOf(text, values)]),
  }

  return {
    ...queries,
    blocking: queries,
    background: retryingQueries(queries),
    commit: async (commands) => void (await commitInGroup(commands)),
    async ping() {
      await queries.query('select 1', [])
    },
    async close() {
      await commitInGroup([]) // waiting units are committed first
      await checkpoints.close()
      connection.database.close()
    },
  }
}

/** Retries while other processes hold the lock, for background work. */
const retryingQueries = ({ query, execute }: Queries): Queries => ({
  query: (text, values) => withRetry(() => query(text, values)),
  execute: (text, values) => withRetry(() => execute(text, values)),
})

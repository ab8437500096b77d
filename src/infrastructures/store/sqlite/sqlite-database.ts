import { withRetry } from '../retry-policy.ts'
import type { Queries, SqlDatabase } from '../sql/database.ts'
import type { Command } from '../sql/statement.ts'
import type { SqliteConnection } from './connection.ts'
import { meaningOf } from './errors.ts'
import { createGroupCommit } from './group-commit.ts'
import { createGroupRead } from './group-read.ts'

/**
 * One file that several processes may share. A read is one synchronous call; all that is written within one turn of the
 * event loop is committed together.
 */
export function sqliteDatabase(connection: SqliteConnection): SqlDatabase {
  const commitInGroup = createGroupCommit(connection)

  const queries: Queries = {
    query: createGroupRead(connection),
    execute: (text, values) => commitInGroup(() => connection.run(text, values)),
  }

  return {
    ...queries,
    blocking: queries,
    background: retryingQueries(queries),
    commit: (commands) =>
      commitInGroup(() => {
        for (const command of commands) executeCommand(connection, command)
      }),
    async ping() {
      await queries.query('select 1', [])
    },
    async close() {
      await commitInGroup(() => {}) // waiting units are committed first
      connection.database.close()
    },
  }
}

function executeCommand(connection: SqliteConnection, command: Command): void {
  let changed = 0
  try {
    changed = connection.run(command.text, command.values)
  } catch (error) {
    throw meaningOf(error, command)
  }
  if (changed === 0 && command.onGuardFailed !== null) throw new command.onGuardFailed()
}

/** Retries while other processes hold the lock, for background work. */
const retryingQueries = ({ query, execute }: Queries): Queries => ({
  query: (text, values) => withRetry(() => query(text, values)),
  execute: (text, values) => withRetry(() => execute(text, values)),
})

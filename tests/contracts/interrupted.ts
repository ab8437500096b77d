import type { Database } from '../../src/infrastructures/store/postgres/database.ts'
import type { SqliteConnection } from '../../src/infrastructures/store/sqlite/connection.ts'

/** Is called before each statement, with its number. The statement is not executed when it throws. */
export type Interruption = (statement: number) => void | Promise<void>

/** A database that is interrupted in its background. */
export function interruptedDatabase(database: Database, interrupt: Interruption): Database {
  let statements = 0
  return {
    ...database,
    background: {
      async query(statement, values) {
        await interrupt(++statements)
        return database.background.query(statement, values)
      },
    },
  }
}

/** A connection that is interrupted by what happens in the first turn. */
export function interruptedConnection(connection: SqliteConnection, interrupt: Interruption): SqliteConnection {
  let statements = 0
  const before = (): void => void interrupt(++statements)
  return {
    ...connection,
    all(text, values) {
      before()
      return connection.all(text, values)
    },
    get(text, values) {
      before()
      return connection.get(text, values)
    },
    run(text, values) {
      before()
      return connection.run(text, values)
    },
  }
}

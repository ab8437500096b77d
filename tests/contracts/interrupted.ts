import type { Queries, SqlDatabase } from '../../src/infrastructures/store/sql/database.ts'

/** Is called before each statement, with its number. The statement is not executed when it throws. */
export type Interruption = (statement: number) => void | Promise<void>

/** A database that is interrupted in its background. */
export function interruptedDatabase(database: SqlDatabase, interrupt: Interruption): SqlDatabase {
  let statements = 0
  const { query, execute } = database.background
  const background: Queries = {
    async query(text, values) {
      await interrupt(++statements)
      return query(text, values)
    },
    async execute(text, values) {
      await interrupt(++statements)
      return execute(text, values)
    },
  }
  return { ...database, background }
}

import { retry } from '../../../patterns/retry.ts'
import { Contention } from '../contention.ts'
import { PATIENCE } from '../patience.ts'
import type { SqliteConnection } from './connection.ts'
import { translateSqliteError } from './errors.ts'

/** Runs a synchronous task as one transaction that may write. */
export function transaction<Result>(connection: SqliteConnection, task: () => Result): Result {
  return translating(() => {
    connection.run('begin immediate', [])
    try {
      const result = task()
      connection.run('commit', [])
      return result
    } catch (error) {
      if (connection.database.isTransaction) connection.run('rollback', [])
      throw error
    }
  })
}

/** Runs a synchronous task, whose failures are told in our terms. */
export function translating<Result>(task: () => Result): Result {
  try {
    return task()
  } catch (error) {
    throw translateSqliteError(error)
  }
}

/** Runs a synchronous task again while other processes hold the file, for callers who would not come back at once. */
export const persistently = <Result>(task: () => Result): Promise<Result> =>
  retry(async () => task(), isContention, PATIENCE)

const isContention = (error: unknown): boolean => error instanceof Contention

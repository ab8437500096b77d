import type { ClientBase, QueryResult } from 'pg'
import type { Statement, Value } from './database.ts'

/** Sends one statement now, behind what was sent before. By a callback, as that spares the driver a chain of promises. */
export const send = (client: ClientBase, statement: Statement, values: readonly Value[]): Promise<QueryResult> =>
  new Promise((resolve, reject) => {
    void client.query({ ...statement, values: values as Value[] }, (error, result) =>
      error ? reject(error) : resolve(result),
    )
  })

import type { QueryResult } from 'pg'
import type { Statement, Value } from './database.ts'
import type { Session } from './session.ts'

/**
 * Sends one statement now, behind what was sent before: prepared under its name, unless the session belongs to others as
 * well. By a callback, as that spares the driver a chain of promises.
 */
export const send = (session: Session, statement: Statement, values: readonly Value[]): Promise<QueryResult> =>
  new Promise((resolve, reject) => {
    const { name, text } = statement
    const query = { text, values: values as Value[] }
    void session.client.query(session.isPooled || name === undefined ? query : { ...query, name }, (error, result) =>
      error ? reject(error) : resolve(result),
    )
  })

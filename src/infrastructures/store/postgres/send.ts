import type { QueryResult } from 'pg'
import type { Statement, Value } from './database.ts'
import type { Session } from './session.ts'

/**
 * Sends one statement now, behind what was sent before: prepared under its name, unless the session belongs to others as
 * well. By a callback, as that spares the driver a chain of promises.
 */
export const send = (session: Session, statement: Statement, values: readonly Value[]): Promise<QueryResult> =>
  new Promise((resolve, reject) => {
    const name = session.isPooled ? undefined : statement.name
    void session.client.query({ name, text: statement.text, values: values as Value[] }, (error, result) =>
      error ? reject(error) : resolve(result),
    )
  })

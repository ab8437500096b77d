import type { QueryResult } from 'pg'
import type { Value } from '../sql/dialect.ts'
import type { Session } from './session.ts'
import { statementName } from './statement-names.ts'

type Sent = Readonly<{ text: string; values: readonly Value[] }>

/**
 * Sends one statement now, behind what was sent before: prepared under its name, unless the session belongs to others as
 * well. By a callback, as that spares the driver a chain of promises.
 */
export const send = (session: Session, { text, values }: Sent): Promise<QueryResult> =>
  new Promise((resolve, reject) => {
    const name = session.isPooled ? undefined : statementName(text)
    void session.client.query({ name, text, values: values as Value[] }, (error, result) =>
      error ? reject(error) : resolve(result),
    )
  })

import { hash } from 'node:crypto'
import type { QueryResult } from 'pg'
import type { Value } from '../sql/dialect.ts'
import type { Session } from './session.ts'

type Sent = Readonly<{ text: string; values: readonly Value[] }>

/**
 * Sends one statement now, behind earlier ones: prepared under its name, unless a pooler shares the session. It uses a callback,
 * which saves the driver a chain of promises.
 */
export const send = (session: Session, { text, values }: Sent): Promise<QueryResult> =>
  new Promise((resolve, reject) => {
    const name = session.isPooled ? undefined : statementName(text)
    void session.client.query({ name, text, values: values as Value[] }, (error, result) =>
      error ? reject(error) : resolve(result),
    )
  })

/** Sessions keep a plan per name, so the number of names is bounded; later statements are planned each time. */
const MAX_NAMES = 512

const names = new Map<string, string>()

/** The name under which a session prepares a text. It follows from the text, so it can never mean another one. */
export function statementName(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= MAX_NAMES) return known
  const name = hash('sha256', text, 'hex').slice(0, 32)
  names.set(text, name)
  return name
}

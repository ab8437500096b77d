import { createHash } from 'node:crypto'
import type { Statement } from './database.ts'

/** Connections keep a plan per name, so the number of names is bounded; what comes later is planned each time. */
const MOST_NAMES = 128

/** A statement that is prepared once per connection. Its name follows from its text, so it can never mean another one. */
export const named = (label: string, text: string): Statement => ({ name: `${label}_${digestOf(text)}`, text })

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Names statements whose text is composed, so that each text is prepared once per connection. */
export function statementNamer(label: string): (text: string) => Statement {
  const known = new Map<string, Statement>()

  return (text) => {
    const statement = known.get(text)
    if (statement !== undefined) return statement
    if (known.size >= MOST_NAMES) return { text }
    const added = named(label, text)
    known.set(text, added)
    return added
  }
}

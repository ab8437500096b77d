import type { Statement } from './database.ts'

/** Connections keep a plan per name, so the number of names is bounded; what comes later is planned each time. */
const MOST_NAMES = 128

/** Names statements whose text is composed, so that each text is prepared once per connection. */
export function statementNamer(prefix: string): (text: string) => Statement {
  const known = new Map<string, Statement>()

  return (text) => {
    const statement = known.get(text)
    if (statement !== undefined) return statement
    if (known.size >= MOST_NAMES) return { text }
    const added = { name: `${prefix}_${known.size}`, text }
    known.set(text, added)
    return added
  }
}

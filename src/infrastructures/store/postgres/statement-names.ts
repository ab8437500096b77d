import { hash } from 'node:crypto'

/** Sessions keep a plan per name, so the number of names is bounded; what comes later is planned each time. */
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

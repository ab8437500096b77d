import { randomUUID } from 'node:crypto'
import { Refused } from './refused.ts'

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** A UUID of version 7: new rows are neighbours in an index, as with this service. */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

export function parseId(id: unknown): string {
  if (typeof id !== 'string' || !UUID.test(id)) throw new Refused(422)
  return id
}

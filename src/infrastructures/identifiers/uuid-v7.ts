import { randomUUID } from 'node:crypto'

/** A new UUID of version 7 (RFC 9562): it sorts by the millisecond of its making, and 74 bits of it are random. */
export function uuidV7<Id extends string>(): Id {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}` as Id
}

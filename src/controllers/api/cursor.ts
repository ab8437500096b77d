import { hash } from 'node:crypto'
import { InvalidCursor } from '../../domains/errors/input-errors.ts'
import type { KeysetPosition } from '../../domains/ports/list-query.ts'

const TIME = 8
const UUID = 16
const CHECKSUM = 8

/** How a cursor looks, genuine or not: the last character of 32 bytes in base64url has only four bits to tell. */
export const CURSOR = '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$'

/**
 * A cursor is a position and a checksum over the position and the list that it belongs to, so that it is refused when
 * altered or used with other filters. It need not be secret: a forged cursor only leads to a position that filters lead to as well.
 *
 * @param list what the cursor belongs to: the same text for the same resource, order and filters
 */
export function encodeCursor(list: string, { at, id }: KeysetPosition): string {
  const bytes = Buffer.alloc(TIME + UUID)
  bytes.writeBigInt64BE(BigInt(at.getTime()))
  bytes.write(id.replaceAll('-', ''), TIME, 'hex')
  return Buffer.concat([bytes, checksumOf(list, bytes)]).toString('base64url')
}

/** @throws {InvalidCursor} unless the cursor was made by {@link encodeCursor} for the same list */
export function decodeCursor(list: string, cursor: string): KeysetPosition {
  const bytes = Buffer.from(cursor, 'base64url')
  const position = bytes.subarray(0, TIME + UUID)
  const isGenuine =
    bytes.length === TIME + UUID + CHECKSUM &&
    bytes.toString('base64url') === cursor &&
    checksumOf(list, position).equals(bytes.subarray(TIME + UUID))
  const at = new Date(isGenuine ? Number(position.readBigInt64BE()) : Number.NaN)
  if (!isSupportedDate(at)) throw new InvalidCursor()

  const hex = position.toString('hex', TIME)
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  return { at, id }
}

function checksumOf(list: string, position: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${list}\0`), position]), 'buffer').subarray(0, CHECKSUM)
}

const FIRST = Date.parse('0001-01-01T00:00:00.000Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

/** Whether it is a time that every store can compare with: within the years 1 to 9999, in UTC. */
export const isSupportedDate = (time: Date): boolean => time.getTime() >= FIRST && time.getTime() <= LAST

import { decodeCursor, encodeCursor } from '../../../src/controllers/api/cursor.ts'
import { Refused } from './refused.ts'

/** What the cursors of the list of all posts, newest first, belong to. */
const LIST = 'posts -createdAt {}'

export type Position = Readonly<{ at: Date; id: string }>
type Item = Readonly<{ id: string; createdAt: Date }>

export function positionOf(cursor: string | undefined): Position | null {
  if (cursor === undefined) return null
  try {
    return decodeCursor(LIST, cursor)
  } catch {
    throw new Refused(422)
  }
}

/** Cuts a page from rows of which one more was read than the page has. */
export function pageOf<Row extends Item>(rows: readonly Row[], limit: number) {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const next =
    rows.length > limit && last !== undefined ? encodeCursor(LIST, { at: last.createdAt, id: last.id }) : null
  return { items, nextCursor: next }
}

export const linkTo = (limit: number, cursor: string): string =>
  `</v1/posts?limit=${limit}&cursor=${cursor}>; rel="next"`

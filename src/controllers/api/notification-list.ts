import type { Position } from '../../domains/ports/listing.ts'
import { positionAt } from './cursor.ts'

/** The name of a list of notifications, which its cursors belong to, and where the page starts. @throws {InvalidCursor} */
export function notificationPlace(
  isUnread: boolean,
  cursor: string | undefined,
): Readonly<{ name: string; after: Position | null }> {
  const name = isUnread ? 'unread notifications' : 'notifications'
  return { name, after: cursor === undefined ? null : positionAt(name, cursor) }
}

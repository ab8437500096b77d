import type { KeysetPosition } from '../../domains/ports/list-query.ts'
import { decodeCursor } from './cursor.ts'

/** The name of a list of notifications, which its cursors belong to, and where the page starts. @throws {InvalidCursor} */
export function notificationScope(
  isUnread: boolean,
  cursor: string | undefined,
): Readonly<{ name: string; after: KeysetPosition | null }> {
  const name = isUnread ? 'unread notifications' : 'notifications'
  return { name, after: cursor === undefined ? null : decodeCursor(name, cursor) }
}

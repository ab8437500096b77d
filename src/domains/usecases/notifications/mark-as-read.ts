import { Notification, type NotificationId } from '../../entities/notification.ts'
import type { UserId } from '../../entities/user.ts'
import { NotificationNotFound } from '../../errors/notification-errors.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type MarkAsRead = Readonly<{ id: NotificationId; reader: UserId; at: Date }>

/** A user has read a notification, which then stays read. */
export async function markAsRead({ notifications }: UnitOfWork, { id, reader, at }: MarkAsRead): Promise<void> {
  const notification = await notifications.get(id)
  if (notification.ownerId !== reader) throw new NotificationNotFound()

  await notifications.save(Notification.read(notification, at))
}

import { type Notification, NotificationId } from '../../../domains/entities/notification.ts'
import { createAutoResetEvent } from '../../../patterns/auto-reset-event.ts'
import { notificationScope } from '../../api/notification-list.ts'
import { startOf, type WatchServices, watchNotifications } from '../../api/notification-watch.ts'
import type { Notification__Output } from '../generated/forum/v1/Notification.ts'
import type { NotificationServiceDefinition } from '../generated/forum/v1/NotificationService.ts'
import { grpcService } from '../service.ts'
import { optional, parseFields, timestampOf } from './fields.ts'
import { nextPageTokenOf, pageFields } from './list-query.ts'

/** So often a stream without news looks whether its account is still active. */
const RECHECK_MS = 15_000

/** Lists the caller's notifications, marks one as read, and streams new ones. */
export const notificationMethods = ({ notifications, feed }: WatchServices) =>
  grpcService<NotificationServiceDefinition>('forum.v1.NotificationService', {
    async ListNotifications({ unread, ...request }, { actor }) {
      const { pageSize: limit, pageToken } = parseFields(pageFields(request))
      const { name, after } = notificationScope(unread, pageToken)
      const page = await notifications.list({ reader: actor, isUnread: unread, after, limit })
      return { notifications: page.items.map(notificationMessage), nextPageToken: nextPageTokenOf(name, page) }
    },

    async MarkNotificationRead(request, { actor }) {
      const { id } = parseFields({ id: () => NotificationId.parse(request.id) })
      await notifications.markAsRead({ reader: actor, id })
      return {}
    },

    async *WatchNotifications({ lastNotificationId }, { actor: reader, signal, open }) {
      const { lastNotificationId: lastSeen } = parseFields({
        lastNotificationId: () => optional(lastNotificationId, NotificationId.parse),
      })
      const start = await startOf(notifications, reader, lastSeen ?? null)
      open()

      const wakeup = createAutoResetEvent()
      signal.addEventListener('abort', wakeup.set)
      const recheck = setInterval(wakeup.set, RECHECK_MS)
      try {
        const watcher = { reader, start, isClosed: () => signal.aborted, wake: wakeup.set, wait: () => wakeup.wait() }
        for await (const found of watchNotifications({ notifications, feed }, watcher)) {
          yield* found.map(notificationMessage)
        }
      } finally {
        clearInterval(recheck)
      }
    },
  })

/** A notification as its owner sees it: field by field, so that nothing gets out by accident. */
const notificationMessage = (notification: Notification): Notification__Output => ({
  id: notification.id,
  type: 'comment.written',
  postId: notification.postId,
  commentId: notification.commentId,
  authorId: notification.authorId,
  createdAt: timestampOf(notification.createdAt),
  readAt: notification.readAt === null ? null : timestampOf(notification.readAt),
})

import type { Consumer } from '../../domains/ports/message-queue.ts'
import type { NotificationService } from '../../domains/services/notification-service.ts'
import { commentWritten } from './comment-written.ts'
import type { EventConsumer, EventHandler } from './event-consumer.ts'

export const NOTIFICATIONS = {
  name: 'notifications',
  topics: ['comment.written'],
  attempts: 5,
  timeoutMs: 5_000,
} as const satisfies Consumer & { topics: readonly string[] }

/** Handles the events of which users are notified. */
export const notificationConsumer = (notifications: Pick<NotificationService, 'commentWritten'>): EventConsumer => ({
  ...NOTIFICATIONS,
  handlers: { 'comment.written': commentWritten(notifications) } satisfies Record<
    (typeof NOTIFICATIONS.topics)[number],
    EventHandler
  >,
})

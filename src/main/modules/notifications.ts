import { NOTIFICATIONS, notificationConsumer } from '../../controllers/events/notification-consumer.ts'
import { notificationMethods } from '../../controllers/grpc/v1/notifications.ts'
import { notificationStream } from '../../controllers/http/v1/notification-stream.ts'
import { notificationRoutes } from '../../controllers/http/v1/notifications.ts'
import { createNotificationFeed, withFeedWakeup } from '../../domains/services/notification-feed.ts'
import { createNotificationService } from '../../domains/services/notification-service.ts'
import type { Module } from '../module.ts'

/** The notifications of users. */
export const notifications = {
  tag: {
    name: 'notifications',
    description: 'Tell a user that somebody else commented on one of their posts.',
  },

  consumes: NOTIFICATIONS,

  create({ accounts, store, now, newId, sleep, logWarning }) {
    const onFailure = logWarning('cannot poll for new notifications, streams are delayed')
    const feed = createNotificationFeed({ reader: store.notificationFeed, sleep, onFailure })
    const service = withFeedWakeup(createNotificationService({ accounts, store, now, newId }), feed)

    return {
      service,
      routes: [notificationRoutes(service), notificationStream({ notifications: service, feed })],
      grpc: notificationMethods({ notifications: service, feed }),
      consumer: notificationConsumer(service),
    }
  },
} satisfies Module

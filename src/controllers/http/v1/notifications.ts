import { Type } from 'typebox'
import { NotificationId } from '../../../domains/entities/notification.ts'
import type { NotificationService } from '../../../domains/services/notification-service.ts'
import { notificationPlace } from '../../api/notification-list.ts'
import { currentActor } from '../actor.ts'
import type { Routes } from '../routes.ts'
import { Nothing, refusals, WITH_BODY } from './answers.ts'
import { OneById, strict } from './fields.ts'
import { PageQuery } from './listing.ts'
import { NotificationResource } from './notification-resource.ts'
import { PageResource, sendPage } from './page-resource.ts'

const tags = ['notifications']
const Unread = Type.Boolean({ default: false, description: 'only what is not read yet' })
const Query = Type.Object({ ...PageQuery, unread: Type.Optional(Unread) }, strict)

/** What the caller was told, and what of it was read. */
export const notificationRoutes =
  (notifications: NotificationService): Routes =>
  async (http) => {
    http.get('/notifications', { schema: list }, async (request, reply) => {
      const { limit = 20, cursor, unread: isUnread = false } = request.query
      const { name, after } = notificationPlace(isUnread, cursor)
      const page = await notifications.list({ reader: currentActor(request), isUnread, after, limit })
      return sendPage(request, reply, name, page, NotificationResource.from)
    })

    http.post('/notifications/:id/read', { schema: markRead }, async (request, reply) => {
      await notifications.markRead({ reader: currentActor(request), id: NotificationId.parse(request.params.id) })
      return reply.code(204).send(null)
    })
  }

const list = {
  tags,
  operationId: 'listNotifications',
  summary: 'List your notifications, newest first',
  querystring: Query,
  response: { 200: PageResource(NotificationResource.schema, {}), ...refusals('invalid-cursor') },
}

const markRead = {
  tags,
  operationId: 'readNotification',
  summary: 'Mark a notification as read, for good',
  params: OneById,
  response: { 204: Nothing, ...refusals('not-found', 'conflict', ...WITH_BODY) },
}

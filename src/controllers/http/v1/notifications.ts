import { Type } from 'typebox'
import { NotificationId } from '../../../domains/entities/notification.ts'
import type { NotificationService } from '../../../domains/services/notification-service.ts'
import { notificationScope } from '../../api/notification-list.ts'
import { currentActor } from '../authentication.ts'
import type { Routes } from '../routes.ts'
import { PageQuery } from './list-query.ts'
import { NotificationResource } from './notification-resource.ts'
import { PageResource, sendPage } from './page-resource.ts'
import { BODY_ERRORS, errorResponses, NoContent } from './responses.ts'
import { IdParams, strict } from './schemas.ts'

const tags = ['notifications']
const Unread = Type.Boolean({ default: false, description: 'only what is not read yet' })
const Query = Type.Object({ ...PageQuery, unread: Type.Optional(Unread) }, strict)

/** Lists the caller's notifications, and marks one as read. */
export const notificationRoutes =
  (notifications: NotificationService): Routes =>
  async (http) => {
    http.get('/notifications', { schema: list }, async (request, reply) => {
      const { limit = 20, cursor, unread: isUnread = false } = request.query
      const { name, after } = notificationScope(isUnread, cursor)
      const page = await notifications.list({ reader: currentActor(request), isUnread, after, limit })
      return sendPage(request, reply, name, page, NotificationResource.from)
    })

    http.post('/notifications/:id/read', { schema: markAsRead }, async (request, reply) => {
      await notifications.markAsRead({ reader: currentActor(request), id: NotificationId.parse(request.params.id) })
      return reply.code(204).send(null)
    })
  }

const list = {
  tags,
  operationId: 'listNotifications',
  summary: 'List your notifications, newest first',
  querystring: Query,
  response: { 200: PageResource(NotificationResource.schema, {}), ...errorResponses('invalid-cursor') },
}

const markAsRead = {
  tags,
  operationId: 'readNotification',
  summary: 'Mark a notification as read, for good',
  params: IdParams,
  response: { 204: NoContent, ...errorResponses('not-found', 'conflict', ...BODY_ERRORS) },
}

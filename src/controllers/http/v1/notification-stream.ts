import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Notification, NotificationId } from '../../../domains/entities/notification.ts'
import { AccountDisabled } from '../../../domains/errors/access-errors.ts'
import { startOf, type WatchServices, watchNotifications } from '../../api/notification-watch.ts'
import { currentActor } from '../authentication.ts'
import type { Routes } from '../routes.ts'
import type { EventStream } from '../sse.ts'
import { NotificationResource } from './notification-resource.ts'
import { errorResponses } from './responses.ts'
import { Id } from './schemas.ts'

const RETRY_MS = 2_000
const HEARTBEAT = ':\n\n'
/** The position of a client that has received nothing yet. */
const NIL_ID = '00000000-0000-0000-0000-000000000000'

/** Streams the caller's notifications from now on, or after `Last-Event-ID`. */
export const notificationStream =
  (services: WatchServices): Routes =>
  async (http) => {
    const route = { schema, config: { isEventStream: true }, exposeHeadRoute: false }

    http.get('/notifications/stream', route, async (request, reply) => {
      const start = await startOf(services.notifications, currentActor(request), lastEventId(request))
      return http.sse.send(request, reply, (stream) => events(request, stream, start))
    })

    async function* events(request: FastifyRequest, stream: EventStream, start: NotificationId | null) {
      const { isClosed, wake, wait } = stream
      yield `: notifications\nretry: ${RETRY_MS}\nid: ${start ?? NIL_ID}\n\n`
      try {
        const watcher = { reader: currentActor(request), start, isClosed, wake, wait }
        for await (const found of watchNotifications(services, watcher)) yield found.map(eventOf).join('') || HEARTBEAT
      } catch (error) {
        if (!(error instanceof AccountDisabled)) request.failure = error
      }
    }
  }

/** Clients send back the last `id` that they saw, also one without data. */
const eventOf = (notification: Notification): string =>
  `id: ${notification.id}\ndata: ${JSON.stringify(NotificationResource.from(notification))}\n\n`

function lastEventId({ headers }: FastifyRequest): NotificationId | null {
  const id = headers['last-event-id']
  return typeof id === 'string' ? NotificationId.parse(id) : null
}

const LastEventId = Type.Object({
  'last-event-id': Type.Optional({ ...Id, description: 'the last id that you saw: the stream goes on after it' }),
})

const schema = {
  tags: ['notifications'],
  operationId: 'streamNotifications',
  summary: 'Receive notifications as they are created',
  description: `Server-sent events without a name, each a notification with its id. They start with what comes from now on, or
after \`Last-Event-ID\`; all of it when that is unknown. A stream ends after a quarter of an hour and whenever this process
stops: come back with the last \`id\`. Each user may have 5 at a time (429); a process has 1,000 (503).`,
  headers: LastEventId,
  response: {
    200: {
      description: 'Notifications, in the order in which they were given',
      content: {
        'text/event-stream': {
          schema: Type.String(),
          examples: {
            events: {
              value: `id: ${NotificationResource.example.id}\ndata: ${JSON.stringify(NotificationResource.example)}\n\n`,
            },
          },
        },
      },
    },
    ...errorResponses(),
  },
}

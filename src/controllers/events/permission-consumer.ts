import { identifier } from '../../domains/entities/identifier.ts'
import type { Consumer } from '../../domains/ports/message-queue.ts'
import type { PermissionSource, PermissionSync } from '../../domains/services/permission-sync.ts'
import type { EventConsumer } from './event-consumer.ts'

export const AUTHORIZATION: Consumer = { name: 'authorization', attempts: 5, timeoutMs: 10_000 }

const Subject = identifier('subject')

/**
 * Handles the events after which permissions follow the store. An event only names the object: the consumer does not trust
 * its data, so an event that arrives late, twice or from another publisher does no harm, and needs no inbox.
 */
export const permissionConsumer = (
  sync: PermissionSync,
  sources: readonly Pick<PermissionSource, 'type' | 'events'>[],
): EventConsumer => {
  const followed = sources.flatMap(({ type, events }) => events.map((event) => ({ type, event })))
  return {
    ...AUTHORIZATION,
    majors: Object.fromEntries(followed.map(({ event }) => [event.type, Number.parseInt(event.schemaVersion, 10)])),
    handlers: Object.fromEntries(
      followed.map(({ type, event }) => [
        event.type,
        async ({ subject }) => {
          await sync.follow({ type, id: Subject.parse(subject) })
          return true
        },
      ]),
    ),
  }
}

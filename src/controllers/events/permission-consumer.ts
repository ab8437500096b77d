import { identifier } from '../../domains/entities/identifier.ts'
import type { Consumer } from '../../domains/ports/message-queue.ts'
import type { PermissionSource, PermissionSync } from '../../domains/services/permission-sync.ts'
import type { EventConsumer } from './event-consumer.ts'

export const AUTHORIZATION: Consumer = { name: 'authorization', attempts: 5, timeoutMs: 10_000 }

const Subject = identifier('subject')

/**
 * The events after which permissions follow the store. An event says no more than where to look: what it carries is not
 * believed, so one that comes late, twice or from somebody else does no harm, and there is nothing to remember.
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

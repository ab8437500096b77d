import type { Notification } from '../../../domains/entities/notification.ts'
import type { UserId } from '../../../domains/entities/user.ts'
import { NotificationNotFound } from '../../../domains/errors/notification-errors.ts'
import type { Position } from '../../../domains/ports/listing.ts'
import type { NotificationReader } from '../../../domains/ports/notification-repository.ts'
import { compare } from './memory-reader.ts'
import type { MemoryState } from './memory-state.ts'

/** Reads the notifications of this process. */
export function memoryNotifications({ notification: kept }: MemoryState): NotificationReader {
  const of = (owner: UserId): readonly Notification[] => kept.get(owner) ?? []

  return {
    async get(id) {
      for (const given of kept.values()) {
        const notification = given.find((one) => one.id === id)
        if (notification !== undefined) return notification
      }
      throw new NotificationNotFound()
    },

    list: async ({ ownerId, isUnread, after, limit }) =>
      of(ownerId)
        .filter(({ readAt }) => !isUnread || readAt === null)
        .filter((notification) => after === null || compare(positionOf(notification), after) < 0)
        .sort((one, other) => compare(positionOf(other), positionOf(one)))
        .slice(0, limit),

    newest: async (owners) =>
      new Map(
        owners.flatMap((owner) => {
          const last = of(owner).at(-1)
          return last === undefined ? [] : [[owner, last.id] as const]
        }),
      ),

    async after(owner, id, limit) {
      const start = of(owner).findIndex((notification) => notification.id === id) + 1
      return of(owner).slice(start, start + limit)
    },
  }
}

const positionOf = ({ createdAt, id }: Notification): Position => ({ at: createdAt, id })

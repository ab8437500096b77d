import type { User } from '../../../domains/entities/user.ts'
import { UserNotFound } from '../../../domains/errors/user-errors.ts'
import { UserEvents } from '../../../domains/events/user-events.ts'
import { aggregate, boolean, nullable, text, time } from '../aggregate.ts'

/** How users are kept. */
export const users = aggregate<User>({
  noun: 'user',
  table: 'users',
  columns: {
    username: text,
    fullName: nullable(text),
    email: nullable(text),
    isActive: boolean,
    removedAt: nullable(time),
    subject: nullable(text),
    identityRecord: nullable(text),
  },
  lists: { orders: ['createdAt'], filters: [] },
  missing: UserNotFound,
  keepsTombstone: true,
  removed: UserEvents.removed,
})

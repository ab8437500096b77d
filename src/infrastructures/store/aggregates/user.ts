import type { User } from '../../../domains/entities/user.ts'
import { UserNotFound } from '../../../domains/errors/user-errors.ts'
import { UserEvents } from '../../../domains/events/user-events.ts'
import { aggregate, boolean, nullable, text, time } from '../aggregate.ts'

/** The description of users. */
export const users = aggregate<User>({
  type: 'user',
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
  notFound: UserNotFound,
  hasTombstone: true,
  removed: UserEvents.removed,
})

import type { User } from '../entities/user.ts'
import { eventsOf } from './domain-event.ts'

/** The events of users, with their public fields: no e-mail address and no full name. */
export const UserEvents = eventsOf<User>()(
  '2.0',
  ['id', 'username', 'isActive', 'version', 'createdAt', 'updatedAt', 'removedAt'],
  { registered: 'user.registered', changed: 'user.changed', removed: 'user.removed' },
)

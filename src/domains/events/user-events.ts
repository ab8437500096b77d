import type { User } from '../entities/user.ts'
import { eventsOf } from './domain-event.ts'

/** What happens to users, and what everyone may know of it: no e-mail address and no full name. */
export const UserEvents = eventsOf<User>()(
  '2.0',
  ['id', 'username', 'isActive', 'version', 'createdAt', 'updatedAt', 'removedAt'],
  { registered: 'user.registered', changed: 'user.changed', removed: 'user.removed' },
)

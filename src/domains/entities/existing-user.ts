import { UserNotFound } from '../errors/user-errors.ts'
import type { User } from './user.ts'

/** @throws {UserNotFound} for someone never seen or removed */
export function existingUser(found: User | null): User {
  if (found === null || found.removedAt !== null) throw new UserNotFound()
  return found
}

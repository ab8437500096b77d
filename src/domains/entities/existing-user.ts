import { UserNotFound } from '../errors/user-errors.ts'
import type { User } from './user.ts'

/** @throws {UserNotFound} for an unknown or removed user */
export function existingUser(found: User | null): User {
  if (found === null || found.removedAt !== null) throw new UserNotFound()
  return found
}

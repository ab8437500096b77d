import type { User } from '../../entities/user.ts'
import { UserNotFound } from '../../errors/user-errors.ts'

/** @throws {UserNotFound} for someone never seen or removed */
export function presentUser(found: User | null): User {
  if (found === null || found.removedAt !== null) throw new UserNotFound()
  return found
}

import type { User, UserId } from '../entities/user.ts'

/** The users that are mirrored here. Reading opens no transaction. */
export interface UserReader {
  /** Whoever has that id, a removed user too; null for an id never seen. */
  find(id: UserId): Promise<User | null>
}

/** The users within a unit of work, which sees its own changes. */
export interface UserRepository extends UserReader {
  /** The unit is run again when someone else registered that id first. */
  add(user: User): Promise<void>

  /** Keeps the next version of a user. The unit is run again when someone else saved that version first. */
  save(user: User): Promise<void>
}

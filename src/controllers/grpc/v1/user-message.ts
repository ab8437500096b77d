import type { User } from '../../../domains/entities/user.ts'
import type { PublicUser__Output } from '../generated/forum/v1/PublicUser.ts'
import type { User__Output } from '../generated/forum/v1/User.ts'
import { timestampOf } from './fields.ts'

/** The public fields of a user. */
export const publicUserMessage = ({ id, username, fullName, createdAt }: User): PublicUser__Output => ({
  id,
  username,
  ...(fullName === null ? {} : { fullName }),
  createdAt: timestampOf(createdAt),
})

/** A user as only that user sees it. */
export const ownUserMessage = ({ email, isActive, updatedAt, ...user }: User): User__Output => ({
  ...publicUserMessage({ email, isActive, updatedAt, ...user }),
  ...(email === null ? {} : { email }),
  isActive,
  updatedAt: timestampOf(updatedAt),
})

import { type User, UserId } from '../../../domains/entities/user.ts'
import type { UserService } from '../../../domains/services/user-service.ts'
import type { PublicUser__Output } from '../generated/forum/v1/PublicUser.ts'
import type { User__Output } from '../generated/forum/v1/User.ts'
import type { UserServiceDefinition } from '../generated/forum/v1/UserService.ts'
import { grpcService } from '../service.ts'
import { parseFields, timestampOf } from './fields.ts'

/** What users see of themselves and of each other. */
export const userMethods = (users: UserService) =>
  grpcService<UserServiceDefinition>('forum.v1.UserService', {
    GetMe: async (_request, { actor }) => ownUserMessage(await users.me(actor)),

    async GetUser(request, { actor }) {
      const { id } = parseFields({ id: () => UserId.parse(request.id) })
      return publicUserMessage(await users.read({ reader: actor, id }))
    },
  })

/** The public fields of a user. */
const publicUserMessage = ({ id, username, fullName, createdAt }: User): PublicUser__Output => ({
  id,
  username,
  ...(fullName === null ? {} : { fullName }),
  createdAt: timestampOf(createdAt),
})

/** A user as only that user sees it. */
const ownUserMessage = ({ email, isActive, updatedAt, ...user }: User): User__Output => ({
  ...publicUserMessage({ email, isActive, updatedAt, ...user }),
  ...(email === null ? {} : { email }),
  isActive,
  updatedAt: timestampOf(updatedAt),
})

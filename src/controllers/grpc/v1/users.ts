import { UserId } from '../../../domains/entities/user.ts'
import type { UserService } from '../../../domains/services/user-service.ts'
import type { UserServiceDefinition } from '../generated/forum/v1/UserService.ts'
import { grpcService } from '../service.ts'
import { parseFields } from './fields.ts'
import { ownUserMessage, publicUserMessage } from './user-message.ts'

/** What users see of themselves and of each other. */
export const userMethods = (users: UserService) =>
  grpcService<UserServiceDefinition>('forum.v1.UserService', {
    GetMe: async (_request, { actor }) => ownUserMessage(await users.me(actor)),

    async GetUser(request, { actor }) {
      const { id } = parseFields({ id: () => UserId.parse(request.id) })
      return publicUserMessage(await users.read({ reader: actor, id }))
    },
  })

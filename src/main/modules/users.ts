import { userMethods } from '../../controllers/grpc/v1/users.ts'
import { userRoutes } from '../../controllers/http/v1/users.ts'
import { isIdentifier } from '../../domains/entities/identifier.ts'
import type { UserId } from '../../domains/entities/user.ts'
import { UserEvents } from '../../domains/events/user-events.ts'
import { createUserService } from '../../domains/services/user-service.ts'
import type { Module } from '../module.ts'

/** The users. */
export const users = {
  tag: { name: 'users', description: 'User accounts, as the issuer of their tokens describes them.' },

  /** Removing an account deletes its permissions in the engine; an unknown user may have permissions in advance. */
  permissions: {
    type: 'user',
    events: [UserEvents.removed],
    async standing(store, id) {
      const found = isIdentifier(id) ? await store.users.find(id as UserId) : null
      return found === null || found.removedAt === null ? { ownerId: null } : null
    },
  },

  create({ accounts, store, now }) {
    const service = createUserService({ accounts, store, now })
    return { service, routes: [userRoutes(service)], grpc: userMethods(service) }
  },
} satisfies Module

import { userMethods } from '../../controllers/grpc/v1/users.ts'
import { userRoutes } from '../../controllers/http/v1/users.ts'
import { createUserService } from '../../domains/services/user-service.ts'
import type { Module } from '../module.ts'

/** Who is here. */
export const users = {
  tag: { name: 'users', description: 'Who is here, as the issuer of their tokens knows them.' },

  create({ members, store, now }) {
    const service = createUserService({ members, store, now })
    return { service, routes: [userRoutes(service)], grpc: userMethods(service) }
  },
} satisfies Module

import { UserId } from '../../../domains/entities/user.ts'
import { UserNotFound } from '../../../domains/errors/user-errors.ts'
import type { UserService } from '../../../domains/services/user-service.ts'
import { currentActor } from '../authentication.ts'
import type { Routes } from '../routes.ts'
import { errorResponses } from './responses.ts'
import { IdParams } from './schemas.ts'
import { OwnUserResource, UserResource } from './user-resource.ts'

const tags = ['users']

/** Users read their own accounts, and the public fields of others. */
export const userRoutes =
  (users: UserService): Routes =>
  async (http) => {
    http.get('/users/me', { schema: me }, async (request) =>
      OwnUserResource.from(await users.me(currentActor(request))),
    )

    http.get('/users/:id', { schema: read }, async (request) => {
      const user = await users.read({ reader: currentActor(request), id: UserId.parse(request.params.id) })
      return UserResource.from(user)
    })
  }

const me = {
  tags,
  operationId: 'readOwnUser',
  summary: 'Read your own account',
  response: { 200: OwnUserResource.schema, ...errorResponses() },
}

const read = {
  tags,
  operationId: 'readUser',
  summary: 'Read the public account of a user',
  params: IdParams,
  response: { 200: UserResource.schema, ...errorResponses(UserNotFound) },
}

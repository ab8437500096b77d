import { type Static, Type } from 'typebox'
import type { User } from '../../../domains/entities/user.ts'
import { Id, rfc3339, Time } from './schemas.ts'

const nullable = Type.Union([Type.String(), Type.Null()])
const shared = { id: Id, username: Type.String(), fullName: nullable, createdAt: Time }
const example = {
  id: '5f8b1f2e-6f0a-4b8e-9a53-0c1f0e9d7a11',
  username: 'zoe',
  fullName: 'Zoë Ünal',
  createdAt: '2026-11-22T11:00:00.000Z',
}

const ownSchema = Type.Object(
  { ...shared, email: nullable, isActive: Type.Boolean(), updatedAt: Time },
  {
    title: 'OwnUser',
    examples: [{ ...example, email: 'zoe@example.org', isActive: true, updatedAt: '2026-11-22T11:00:00.000Z' }],
  },
)
const publicSchema = Type.Object(shared, { title: 'User', examples: [example] })

/** The public fields of a user. */
export const UserResource = {
  schema: publicSchema,
  from: ({ id, username, fullName, createdAt }: User): Static<typeof publicSchema> => ({
    id,
    username,
    fullName,
    createdAt: rfc3339(createdAt),
  }),
}

/** A user as only that user sees it. */
export const OwnUserResource = {
  schema: ownSchema,
  from: ({ id, username, fullName, email, isActive, createdAt, updatedAt }: User): Static<typeof ownSchema> => ({
    id,
    username,
    fullName,
    email,
    isActive,
    createdAt: rfc3339(createdAt),
    updatedAt: rfc3339(updatedAt),
  }),
}

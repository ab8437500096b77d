import { type Static, Type } from 'typebox'
import type { Post } from '../../../domains/entities/post.ts'
import { Id, rfc3339, Time, Version } from './schemas.ts'

const schema = Type.Object(
  { id: Id, ownerId: Id, text: Type.String(), version: Version, createdAt: Time, updatedAt: Time },
  {
    title: 'Post',
    examples: [
      {
        id: '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f',
        ownerId: '5f8b1f2e-6f0a-4b8e-9a53-0c1f0e9d7a11',
        text: 'Hello, forum.',
        version: 1,
        createdAt: '2026-11-22T12:00:00.000Z',
        updatedAt: '2026-11-22T12:00:00.000Z',
      },
    ],
  },
)

/** A post as clients see it: field by field, so that no field becomes public by accident. */
export const PostResource = {
  schema,
  from: ({ id, ownerId, text, version, createdAt, updatedAt }: Post): Static<typeof schema> => ({
    id,
    ownerId,
    text,
    version,
    createdAt: rfc3339(createdAt),
    updatedAt: rfc3339(updatedAt),
  }),
}

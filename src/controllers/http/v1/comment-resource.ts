import { type Static, Type } from 'typebox'
import type { Comment } from '../../../domains/entities/comment.ts'
import { Id, rfc3339, Time, Version } from './schemas.ts'

const schema = Type.Object(
  { id: Id, postId: Id, ownerId: Id, text: Type.String(), version: Version, createdAt: Time, updatedAt: Time },
  {
    title: 'Comment',
    examples: [
      {
        id: '01938d70-11aa-7d2c-8b4e-6f7a8b9c0d1e',
        postId: '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f',
        ownerId: '5f8b1f2e-6f0a-4b8e-9a53-0c1f0e9d7a11',
        text: 'Welcome!',
        version: 1,
        createdAt: '2026-11-22T12:01:00.000Z',
        updatedAt: '2026-11-22T12:01:00.000Z',
      },
    ],
  },
)

/** A comment as clients see it: field by field, so that no field becomes public by accident. */
export const CommentResource = {
  schema,
  from: ({ id, postId, ownerId, text, version, createdAt, updatedAt }: Comment): Static<typeof schema> => ({
    id,
    postId,
    ownerId,
    text,
    version,
    createdAt: rfc3339(createdAt),
    updatedAt: rfc3339(updatedAt),
  }),
}

import { type Static, Type } from 'typebox'
import type { Notification } from '../../../domains/entities/notification.ts'
import { Id, rfc3339, Time } from './schemas.ts'

const example = {
  id: '01938d70-11ac-7f10-9c3a-0b1c2d3e4f5a',
  type: 'comment.written',
  postId: '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f',
  commentId: '01938d70-11aa-7d2c-8b4e-6f7a8b9c0d1e',
  authorId: '5f8b1f2e-6f0a-4b8e-9a53-0c1f0e9d7a11',
  createdAt: '2026-11-22T12:01:00.000Z',
  readAt: null,
}

const schema = Type.Object(
  {
    id: Id,
    type: Type.String({ enum: ['comment.written'], description: 'what it tells of' }),
    postId: Id,
    commentId: Id,
    authorId: Id,
    createdAt: Time,
    readAt: Type.Union([Time, Type.Null()], { description: 'when it was first read' }),
  },
  { title: 'Notification', examples: [example] },
)

/** A notification as its owner sees it: field by field, so that no field becomes public by accident. */
export const NotificationResource = {
  schema,
  example,
  from: ({ id, postId, commentId, authorId, createdAt, readAt }: Notification): Static<typeof schema> => ({
    id,
    type: 'comment.written',
    postId,
    commentId,
    authorId,
    createdAt: rfc3339(createdAt),
    readAt: readAt === null ? null : rfc3339(readAt),
  }),
}

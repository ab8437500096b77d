import type { Comment } from '../../../domains/entities/comment.ts'
import type { Notification } from '../../../domains/entities/notification.ts'
import type { Post } from '../../../domains/entities/post.ts'
import type { User } from '../../../domains/entities/user.ts'
import type { comments, notifications, posts, users } from './schema.ts'

type Row<Table extends { $inferSelect: unknown }> = Table['$inferSelect']

export const postOf = (row: Row<typeof posts>): Post =>
  ({ ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) }) as Post

export const commentOf = (row: Row<typeof comments>): Comment =>
  ({ ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) }) as Comment

export const userOf = (row: Row<typeof users>): User =>
  ({
    ...row,
    isActive: row.isActive === 1,
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
    removedAt: row.removedAt === null ? null : new Date(row.removedAt),
  }) as User

export function notificationOf(row: unknown): Notification {
  const { createdAt, readAt, ...rest } = row as Omit<Row<typeof notifications>, 'number'>
  return {
    ...rest,
    createdAt: new Date(createdAt),
    readAt: readAt === null ? null : new Date(readAt),
  } as Notification
}

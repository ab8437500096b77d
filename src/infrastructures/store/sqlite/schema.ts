import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

const time = (name: string) => integer(name, { mode: 'number' })
const changes = () => ({
  version: integer({ mode: 'number' }).notNull(),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
})

/** Ids are UUIDs in lower case, times epoch milliseconds, truths 0 or 1. */
export const users = sqliteTable(
  'users',
  {
    id: text().primaryKey().notNull(),
    username: text().notNull(),
    fullName: text('full_name'),
    email: text(),
    isActive: integer('is_active', { mode: 'number' }).notNull(),
    ...changes(),
    removedAt: time('removed_at'),
  },
  (user) => [
    check('users_version_check', sql`${user.version} > 0`),
    check('users_is_active_check', sql`${user.isActive} in (0, 1)`),
  ],
)

export const posts = sqliteTable(
  'posts',
  {
    id: text().primaryKey().notNull(),
    ownerId: text('owner_id').notNull(),
    text: text().notNull(),
    ...changes(),
  },
  (post) => [
    foreignKey({ name: 'posts_owner_id_fkey', columns: [post.ownerId], foreignColumns: [users.id] }),
    check('posts_version_check', sql`${post.version} > 0`),
    index('posts_created_at_idx').on(post.createdAt, post.id),
    index('posts_updated_at_idx').on(post.updatedAt, post.id),
    index('posts_owner_id_created_at_idx').on(post.ownerId, post.createdAt, post.id),
    index('posts_owner_id_updated_at_idx').on(post.ownerId, post.updatedAt, post.id),
  ],
)

export const comments = sqliteTable(
  'comments',
  {
    id: text().primaryKey().notNull(),
    postId: text('post_id').notNull(),
    ownerId: text('owner_id').notNull(),
    text: text().notNull(),
    ...changes(),
  },
  (comment) => [
    foreignKey({ name: 'comments_post_id_fkey', columns: [comment.postId], foreignColumns: [posts.id] }),
    foreignKey({ name: 'comments_owner_id_fkey', columns: [comment.ownerId], foreignColumns: [users.id] }),
    check('comments_version_check', sql`${comment.version} > 0`),
    index('comments_created_at_idx').on(comment.createdAt, comment.id),
    index('comments_updated_at_idx').on(comment.updatedAt, comment.id),
    index('comments_owner_id_created_at_idx').on(comment.ownerId, comment.createdAt, comment.id),
    index('comments_owner_id_updated_at_idx').on(comment.ownerId, comment.updatedAt, comment.id),
    index('comments_post_id_created_at_idx').on(comment.postId, comment.createdAt, comment.id),
    index('comments_post_id_updated_at_idx').on(comment.postId, comment.updatedAt, comment.id),
  ],
)

export const outbox = sqliteTable(
  'outbox',
  {
    id: text().primaryKey().notNull(),
    type: text().notNull(),
    subject: text().notNull(),
    version: integer({ mode: 'number' }).notNull(),
    time: time('time').notNull(),
    data: text().notNull(),
    publishedAt: time('published_at'),
  },
  (event) => [
    check('outbox_version_check', sql`${event.version} > 0`),
    index('outbox_pending_idx').on(event.time, event.version, event.id).where(sql`published_at is null`),
    index('outbox_published_idx').on(event.time, event.version, event.id).where(sql`published_at is not null`),
  ],
)

/** One row: whose claim holds, and until when. */
export const outboxLease = sqliteTable('outbox_lease', {
  token: text().primaryKey().notNull(),
  until: time('until').notNull(),
})

/** `number` counts what its owner was given. */
export const notifications = sqliteTable(
  'notifications',
  {
    id: text().primaryKey().notNull(),
    ownerId: text('owner_id').notNull(),
    number: integer({ mode: 'number' }).notNull(),
    postId: text('post_id').notNull(),
    commentId: text('comment_id').notNull(),
    authorId: text('author_id').notNull(),
    createdAt: time('created_at').notNull(),
    readAt: time('read_at'),
  },
  (notification) => [
    foreignKey({ name: 'notifications_owner_id_fkey', columns: [notification.ownerId], foreignColumns: [users.id] }),
    uniqueIndex('notifications_owner_id_number_key').on(notification.ownerId, notification.number),
    index('notifications_owner_id_created_at_idx').on(notification.ownerId, notification.createdAt, notification.id),
    index('notifications_unread_idx')
      .on(notification.ownerId, notification.createdAt, notification.id)
      .where(sql`read_at is null`),
  ],
)

export const inbox = sqliteTable(
  'inbox',
  {
    consumer: text().notNull(),
    id: text().notNull(),
    subject: text().notNull(),
    version: integer({ mode: 'number' }).notNull(),
    digest: text().notNull(),
    handledAt: time('handled_at').notNull(),
  },
  (message) => [
    primaryKey({ name: 'inbox_pkey', columns: [message.consumer, message.id] }),
    index('inbox_subject_idx').on(message.consumer, message.subject, message.version),
    index('inbox_handled_at_idx').on(message.handledAt),
  ],
)

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    userId: text('user_id').notNull(),
    key: text().notNull(),
    fingerprint: text().notNull(),
    token: text().notNull(),
    answer: text(),
    reservedUntil: time('reserved_until').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (known) => [
    primaryKey({ name: 'idempotency_keys_pkey', columns: [known.userId, known.key] }),
    index('idempotency_keys_expires_at_idx').on(known.expiresAt),
  ],
)

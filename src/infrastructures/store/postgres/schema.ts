import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

const time = (name: string) => timestamp(name, { mode: 'date', precision: 3, withTimezone: true })
const changes = () => ({
  version: integer().notNull(),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
})

export const users = pgTable(
  'users',
  {
    id: uuid().primaryKey(),
    username: text().notNull(),
    fullName: text('full_name'),
    email: text(),
    isActive: boolean('is_active').notNull(),
    ...changes(),
    removedAt: time('removed_at'),
  },
  (user) => [check('users_version_check', sql`${user.version} > 0`)],
)

export const posts = pgTable(
  'posts',
  {
    id: uuid().primaryKey(),
    ownerId: uuid('owner_id').notNull(),
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

export const comments = pgTable(
  'comments',
  {
    id: uuid().primaryKey(),
    postId: uuid('post_id').notNull(),
    ownerId: uuid('owner_id').notNull(),
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

export const outbox = pgTable(
  'outbox',
  {
    id: uuid().primaryKey().defaultRandom(),
    type: text().notNull(),
    subject: uuid().notNull(),
    version: integer().notNull(),
    time: time('time').notNull(),
    data: json().notNull(),
    publishedAt: time('published_at'),
  },
  (event) => [
    check('outbox_version_check', sql`${event.version} > 0`),
    index('outbox_pending_idx').on(event.time, event.version, event.id).where(sql`published_at is null`),
    index('outbox_published_idx').on(event.time, event.version, event.id).where(sql`published_at is not null`),
  ],
)

/** One row: whose claim holds, and until when. */
export const outboxLease = pgTable('outbox_lease', {
  token: uuid().primaryKey(),
  until: time('until').notNull(),
})

/** `number` counts what its owner was given. */
export const notifications = pgTable(
  'notifications',
  {
    id: uuid().primaryKey(),
    ownerId: uuid('owner_id').notNull(),
    number: integer().notNull(),
    postId: uuid('post_id').notNull(),
    commentId: uuid('comment_id').notNull(),
    authorId: uuid('author_id').notNull(),
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

export const inbox = pgTable(
  'inbox',
  {
    consumer: text().notNull(),
    id: text().notNull(),
    subject: text().notNull(),
    version: integer().notNull(),
    digest: text().notNull(),
    handledAt: time('handled_at').notNull(),
  },
  (message) => [
    primaryKey({ name: 'inbox_pkey', columns: [message.consumer, message.id] }),
    index('inbox_subject_idx').on(message.consumer, message.subject, message.version),
    index('inbox_handled_at_idx').on(message.handledAt),
  ],
)

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    userId: uuid('user_id').notNull(),
    key: text().notNull(),
    fingerprint: text().notNull(),
    token: uuid().notNull(),
    answer: text(),
    reservedUntil: time('reserved_until').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (known) => [
    primaryKey({ name: 'idempotency_keys_pkey', columns: [known.userId, known.key] }),
    index('idempotency_keys_expires_at_idx').on(known.expiresAt),
  ],
)

import { sql } from 'drizzle-orm'
import { boolean, check, foreignKey, index, integer, json, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

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
  },
  (event) => [check('outbox_version_check', sql`${event.version} > 0`)],
)

import { boolean, integer, json, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

export const users = pgTable('users', {
  id: uuid('id').primaryKey(),
  username: text('username').notNull(),
  isActive: boolean('is_active').notNull(),
})

export const posts = pgTable('posts', {
  id: uuid('id').primaryKey(),
  ownerId: uuid('owner_id').notNull(),
  text: text('text').notNull(),
  version: integer('version').notNull(),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
})

export const comments = pgTable('comments', {
  id: uuid('id').primaryKey(),
  postId: uuid('post_id').notNull(),
  ownerId: uuid('owner_id').notNull(),
  text: text('text').notNull(),
  version: integer('version').notNull(),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
})

export const outbox = pgTable('outbox', {
  id: uuid('id').primaryKey(),
  type: text('type').notNull(),
  subject: uuid('subject').notNull(),
  version: integer('version').notNull(),
  time: time('time').notNull(),
  data: json('data').notNull(),
})

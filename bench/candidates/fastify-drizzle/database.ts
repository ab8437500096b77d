import { desc, eq, sql } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { CONNECTIONS, DATABASE_URL } from '../kit/environment.ts'
import { posts, users } from './schema.ts'

export const db = drizzle(new Pool({ connectionString: DATABASE_URL, max: CONNECTIONS }))

export type Executor = NodePgDatabase

/** Prepared statements, as Drizzle's page on performance advises for what is asked often. */
export const userById = db
  .select({ isActive: users.isActive })
  .from(users)
  .where(eq(users.id, sql.placeholder('id')))
  .prepare('user_by_id')

export const postById = db
  .select()
  .from(posts)
  .where(eq(posts.id, sql.placeholder('id')))
  .prepare('post_by_id')

export const firstPage = db
  .select()
  .from(posts)
  .orderBy(desc(posts.createdAt), desc(posts.id))
  .limit(sql.placeholder('limit'))
  .prepare('first_page')

export const nextPage = db
  .select()
  .from(posts)
  .where(sql`(${posts.createdAt}, ${posts.id}) < (${sql.placeholder('at')}, ${sql.placeholder('after')})`)
  .orderBy(desc(posts.createdAt), desc(posts.id))
  .limit(sql.placeholder('limit'))
  .prepare('next_page')

import type { Comment } from '../../../domains/entities/comment.ts'
import type { Post } from '../../../domains/entities/post.ts'
import type { User } from '../../../domains/entities/user.ts'
import type { AnnouncedChange } from '../change.ts'
import type { SqliteValue } from './connection.ts'

type Statement = readonly [text: string, values: readonly SqliteValue[]]

/** Changes one row, or none when what is kept is not what the change follows. */
export function statementOf({ noun, verb, state }: AnnouncedChange): Statement {
  if (verb === 'remove') return [`delete from ${noun}s where id = ?1 and version = ?2 - 1`, [state.id, state.version]]
  const statements = verb === 'add' ? ADD : SAVE
  return statements[noun](state as never)
}

const ADD = {
  user: ({ id, username, fullName, email, isActive, version, createdAt, updatedAt, removedAt }: User): Statement => [
    `insert into users (id, username, full_name, email, is_active, version, created_at, updated_at, removed_at)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) on conflict (id) do nothing`,
    [id, username, fullName, email, isActive, version, createdAt, updatedAt, removedAt],
  ],

  post: ({ id, ownerId, text, version, createdAt, updatedAt }: Post): Statement => [
    `insert into posts (id, owner_id, text, version, created_at, updated_at)
     values (?1, ?2, ?3, ?4, ?5, ?6) on conflict (id) do nothing`,
    [id, ownerId, text, version, createdAt, updatedAt],
  ],

  comment: ({ id, postId, ownerId, text, version, createdAt, updatedAt }: Comment): Statement => [
    `insert into comments (id, post_id, owner_id, text, version, created_at, updated_at)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (id) do nothing`,
    [id, postId, ownerId, text, version, createdAt, updatedAt],
  ],
}

const SAVE = {
  user: ({ id, version, username, fullName, email, isActive, updatedAt, removedAt }: User): Statement => [
    `update users set version = ?2, username = ?3, full_name = ?4, email = ?5, is_active = ?6, updated_at = ?7,
     removed_at = ?8 where id = ?1 and version = ?2 - 1`,
    [id, version, username, fullName, email, isActive, updatedAt, removedAt],
  ],

  post: ({ id, version, text, updatedAt }: Post): Statement => [
    'update posts set version = ?2, text = ?3, updated_at = ?4 where id = ?1 and version = ?2 - 1',
    [id, version, text, updatedAt],
  ],

  comment: ({ id, version, text, updatedAt }: Comment): Statement => [
    'update comments set version = ?2, text = ?3, updated_at = ?4 where id = ?1 and version = ?2 - 1',
    [id, version, text, updatedAt],
  ],
}

import type { Comment } from '../../../domains/entities/comment.ts'
import type { Post } from '../../../domains/entities/post.ts'
import type { User } from '../../../domains/entities/user.ts'
import type { AnnouncedChange } from '../change.ts'
import type { Statement, Value } from './database.ts'
import { named } from './statement-names.ts'

type Bound = readonly [statement: Statement, values: readonly Value[]]

/**
 * One statement that changes an aggregate and announces it. It guards itself: when the change touches no row, the event
 * has no subject, which the outbox refuses (NOT NULL), so the statement fails and its transaction with it.
 * Parameters: 1 event id, 2 type, 3 version, 4 time, 5 data, 6 the aggregate's id; the change may need more.
 */
const announced = (name: string, change: string): Statement =>
  named(
    name,
    `with ${change} insert into outbox (id, type, subject, version, time, data)
    values ($1, $2, (select id from change), $3::integer, $4::timestamptz, $5)`,
  )

const KEPT = 'where id = $6 and version = $3::integer - 1 returning id'

/** Locks the row of an active owner until the end, so that nobody removes the user meanwhile. */
const OWNER = 'owner as (select id from users where id = $7 and is_active for share)'

const ADD_USER = announced(
  'add_user',
  `change as (insert into users (id, version, updated_at, username, full_name, email, is_active, removed_at, created_at)
   values ($6, $3::integer, $4::timestamptz, $7, $8, $9, $10, $11, $12) on conflict (id) do nothing returning id)`,
)
const SAVE_USER = announced(
  'save_user',
  `change as (update users set version = $3::integer, updated_at = $4::timestamptz, username = $7, full_name = $8,
   email = $9, is_active = $10, removed_at = $11 ${KEPT})`,
)
const ADD_POST = announced(
  'add_post',
  `${OWNER}, change as (insert into posts (id, version, updated_at, owner_id, text, created_at)
   select $6::uuid, $3::integer, $4::timestamptz, owner.id, $8, $9::timestamptz from owner returning id)`,
)
const ADD_COMMENT = announced(
  'add_comment',
  `${OWNER}, change as (insert into comments (id, version, updated_at, owner_id, text, created_at, post_id)
   select $6::uuid, $3::integer, $4::timestamptz, owner.id, $8, $9::timestamptz, $10::uuid from owner returning id)`,
)
const SAVE = {
  post: announced(
    'save_post',
    `change as (update posts set version = $3::integer, updated_at = $4::timestamptz, text = $7 ${KEPT})`,
  ),
  comment: announced(
    'save_comment',
    `change as (update comments set version = $3::integer, updated_at = $4::timestamptz, text = $7 ${KEPT})`,
  ),
}
const REMOVE = {
  post: announced('remove_post', `change as (delete from posts ${KEPT})`),
  comment: announced('remove_comment', `change as (delete from comments ${KEPT})`),
}

/** The statement of a change and, from the seventh on, its parameters. */
export function statementOf(change: AnnouncedChange): Bound {
  if (change.noun === 'user') return userStatement(change.verb, change.state)
  if (change.verb === 'remove') return [REMOVE[change.noun], []]
  if (change.verb === 'save') return [SAVE[change.noun], [change.state.text]]
  return change.noun === 'post' ? addPost(change.state) : addComment(change.state)
}

const addPost = ({ ownerId, text, createdAt }: Post): Bound => [ADD_POST, [ownerId, text, createdAt.toISOString()]]

const addComment = ({ ownerId, text, createdAt, postId }: Comment): Bound => [
  ADD_COMMENT,
  [ownerId, text, createdAt.toISOString(), postId],
]

function userStatement(verb: 'add' | 'save', user: User): Bound {
  const { username, fullName, email, isActive, removedAt, createdAt } = user
  const values = [username, fullName, email, isActive, removedAt?.toISOString() ?? null]
  return verb === 'save' ? [SAVE_USER, values] : [ADD_USER, [...values, createdAt.toISOString()]]
}

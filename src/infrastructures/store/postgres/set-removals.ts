import type { SetRemoval } from '../change.ts'
import type { Statement } from './database.ts'
import { named } from './statement-names.ts'

/** No version is older than the one that it follows, whatever the clock says. */
const TIME = 'greatest(updated_at, $2::timestamptz)'

const POSTS_OF = 'posts where owner_id = $1'

/**
 * What removes a set, whatever its size, and announces each row: the id is parameter 1, the time parameter 2. The posts
 * are locked first, in a statement of its own: comments that are just being added to them are awaited and removed too.
 */
export const SET_REMOVALS: Readonly<
  Record<SetRemoval['verb'], Readonly<{ lock: Statement | null; remove: Statement }>>
> = {
  'remove-comments-on': {
    lock: named('lock_post', 'select from posts where id = $1 for update'),
    remove: removal('remove_comments_on', 'comment', 'post_id = $1'),
  },
  'remove-comments-around': {
    lock: named('lock_posts_of', `select from ${POSTS_OF} order by id for update`),
    remove: removal(
      'remove_comments_around',
      'comment',
      `owner_id = $1 or post_id = any(array(select id from ${POSTS_OF}))`,
    ),
  },
  'remove-posts-owned-by': {
    lock: null,
    remove: removal('remove_posts_of', 'post', 'owner_id = $1'),
  },
}

function removal(name: string, noun: 'post' | 'comment', condition: string): Statement {
  const postId = noun === 'comment' ? "'postId', post_id," : ''
  const data = `json_build_object('id', id, ${postId} 'ownerId', owner_id, 'text', text, 'version', version + 1,
    'createdAt', ${iso('created_at')}, 'updatedAt', ${iso(TIME)})`

  return named(
    name,
    `with gone as (delete from ${noun}s where ${condition} returning *)
      insert into outbox (type, subject, version, time, data)
      select '${noun}.removed', id, version + 1, ${TIME}, ${data} from gone`,
  )
}

/** RFC 3339 in UTC with milliseconds. */
function iso(time: string): string {
  return `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

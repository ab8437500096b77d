import type { SetRemoval } from '../change.ts'

/** Announces the rows of a set and removes them, whatever their number: the id is parameter 1, the time parameter 2. */
type SetRemovalSql = Readonly<{ announce: string; remove: string }>

/** No version is older than the one that it follows, whatever the clock says. */
const TIME = 'max(updated_at, ?2)'

const COMMENTS_AROUND = 'owner_id = ?1 or post_id in (select id from posts where owner_id = ?1)'

export const SET_REMOVALS: Readonly<Record<SetRemoval['verb'], SetRemovalSql>> = {
  'remove-comments-on': removal('comment', 'post_id = ?1'),
  'remove-comments-around': removal('comment', COMMENTS_AROUND),
  'remove-posts-owned-by': removal('post', 'owner_id = ?1'),
}

function removal(noun: 'post' | 'comment', condition: string): SetRemovalSql {
  const postId = noun === 'comment' ? "'postId', post_id," : ''
  const data = `json_object('id', id, ${postId} 'ownerId', owner_id, 'text', text, 'version', version + 1,
    'createdAt', ${iso('created_at')}, 'updatedAt', ${iso(TIME)})`

  return {
    announce: `insert into outbox (id, type, subject, version, time, data)
      select new_uuid(), '${noun}.removed', id, version + 1, ${TIME}, ${data} from ${noun}s where ${condition}`,
    remove: `delete from ${noun}s where ${condition}`,
  }
}

/** Epoch milliseconds as RFC 3339 in UTC; seconds are rounded down by hand, for times before 1970. */
function iso(milliseconds: string): string {
  const fraction = `((${milliseconds} % 1000 + 1000) % 1000)`
  const seconds = `((${milliseconds} - ${fraction}) / 1000)`
  return `strftime('%Y-%m-%dT%H:%M:%S', ${seconds}, 'unixepoch') || printf('.%03dZ', ${fraction})`
}

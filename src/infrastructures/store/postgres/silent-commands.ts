import type { Notification } from '../../../domains/entities/notification.ts'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { AlreadyHandled, KeyInUse } from '../../../domains/errors/repetition-errors.ts'
import type { IncomingMessage } from '../../../domains/ports/inbox.ts'
import type { SilentChange } from '../change.ts'
import type { Command } from './database.ts'
import { named } from './statement-names.ts'

/** Who was removed meanwhile is no owner any more, which the table refuses (NOT NULL). */
const GIVE = named(
  'give_notification',
  `with owner as (select id from users where id = $2::uuid and removed_at is null for share)
    insert into notifications (id, owner_id, post_id, comment_id, author_id, created_at, read_at, number)
    values ($1, (select id from owner), $3, $4, $5, $6, $7,
      (select coalesce(max(number), 0) + 1 from notifications where owner_id = $2::uuid))`,
)
const MARK = named('mark_notification', 'update notifications set read_at = coalesce(read_at, $2) where id = $1')
const REMOVE_OF = named('remove_notifications_of', 'delete from notifications where owner_id = $1')

/** A message that was overtaken has no digest, which the inbox refuses (NOT NULL). */
const TAKE = named(
  'take_message',
  `insert into inbox (consumer, id, subject, version, handled_at, digest)
    values ($1::text, $2, $3::text, $4::integer, clock_timestamp(), (select $5::text where not exists
      (select from inbox where consumer = $1::text and subject = $3::text and version > $4::integer)))`,
)

/** When there is nothing to answer any more, the division by the number of rows fails, and the unit with it. */
const ANSWER = named(
  'keep_answer',
  `with answered as (update idempotency_keys set answer = $4
      where user_id = $1 and key = $2 and token = $3 and answer is null returning token)
    select 1 / count(*) from answered`,
)

/** The statement of a change that is announced to nobody. */
export function silentCommand(change: SilentChange): Command {
  switch (change.verb) {
    case 'give-notification':
      return { ...never, statement: GIVE, values: givenValues(change.notification) }
    case 'mark-notification': {
      const { id, readAt } = change.notification
      return { ...never, statement: MARK, values: [id, readAt?.toISOString() ?? null] }
    }
    case 'remove-notifications-of':
      return { ...never, statement: REMOVE_OF, values: [change.of] }
    case 'take-message':
      return { ...repeated, statement: TAKE, values: takenValues(change.message) }
    case 'keep-answer': {
      const { userId, key, token } = change.reservation
      return { ...never, refused: keyInUse, statement: ANSWER, values: [userId, key, token, change.answer] }
    }
  }
}

const conflict = () => new Conflict()
const alreadyHandled = () => new AlreadyHandled()
const keyInUse = () => new KeyInUse()
const never = { refused: conflict, orphaned: conflict }
const repeated = { refused: alreadyHandled, orphaned: conflict, repeated: alreadyHandled }

const givenValues = ({ id, ownerId, postId, commentId, authorId, createdAt, readAt }: Notification) => [
  id,
  ownerId,
  postId,
  commentId,
  authorId,
  createdAt.toISOString(),
  readAt?.toISOString() ?? null,
]

const takenValues = ({ consumer, id, subject, version, digest }: IncomingMessage) => [
  consumer,
  id,
  subject,
  version,
  digest,
]

import type { Notification } from '../../../domains/entities/notification.ts'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { AlreadyHandled, KeyInUse } from '../../../domains/errors/repetition-errors.ts'
import type { IncomingMessage } from '../../../domains/ports/inbox.ts'
import type { SilentChange } from '../change.ts'
import type { SqliteConnection } from './connection.ts'

const GIVE = `insert into notifications (id, owner_id, post_id, comment_id, author_id, created_at, read_at, number)
  select ?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce(max(number), 0) + 1 from notifications where owner_id = ?2
  having exists (select 1 from users where id = ?2 and removed_at is null)`
const TAKE = `insert into inbox (consumer, id, subject, version, digest, handled_at) select ?1, ?2, ?3, ?4, ?5, ?6
  where not exists (select 1 from inbox where consumer = ?1 and subject = ?3 and version > ?4)
  on conflict (consumer, id) do nothing`
const ANSWER = `update idempotency_keys set answer = ?4
  where user_id = ?1 and key = ?2 and token = ?3 and answer is null`

/** Applies one change that is announced to nobody, within a transaction, or throws. */
export function applySilentChange(connection: SqliteConnection, change: SilentChange): void {
  switch (change.verb) {
    case 'give-notification':
      give(connection, change.notification)
      break
    case 'mark-notification': {
      const { id, readAt } = change.notification
      connection.run('update notifications set read_at = coalesce(read_at, ?2) where id = ?1', [id, readAt])
      break
    }
    case 'remove-notifications-of':
      connection.run('delete from notifications where owner_id = ?1', [change.of])
      break
    case 'take-message':
      take(connection, change.message)
      break
    case 'keep-answer': {
      const { userId, key, token } = change.reservation
      if (connection.run(ANSWER, [userId, key, token, change.answer]) !== 1) throw new KeyInUse()
    }
  }
}

function give(connection: SqliteConnection, notification: Notification): void {
  const { id, ownerId, postId, commentId, authorId, createdAt, readAt } = notification
  const given = connection.run(GIVE, [id, ownerId, postId, commentId, authorId, createdAt, readAt])
  if (given !== 1) throw new Conflict()
}

function take(connection: SqliteConnection, message: IncomingMessage): void {
  const { consumer, id, subject, version, digest } = message
  if (connection.run(TAKE, [consumer, id, subject, version, digest, Date.now()]) !== 1) throw new AlreadyHandled()
}

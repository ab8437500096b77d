import type { Retention } from '../driver.ts'
import type { SqliteConnection } from './connection.ts'
import { translating } from './transaction.ts'

/** So many rows go at once, so that nobody waits long for the lock. */
const MOST = 500

const OLD_EVENTS = `delete from outbox where id in (select id from outbox where published_at is not null
  and time < ?1 and published_at < ?1 order by time, version, id limit ${MOST})`
const OLD_MESSAGES = `delete from inbox where (consumer, id) in
  (select consumer, id from inbox where handled_at < ?1 order by handled_at limit ${MOST})`
const OLD_KEYS = `delete from idempotency_keys where (user_id, key) in
  (select user_id, key from idempotency_keys where expires_at < ?1 order by expires_at limit ${MOST})`

/** Removes some of what nobody needs any more; true while there may be more. */
export function prune(
  { run }: Pick<SqliteConnection, 'run'>,
  { publishedMs, handledMs }: Retention,
  now: number,
): boolean {
  const removed = translating(() => [
    run(OLD_EVENTS, [now - publishedMs]),
    run(OLD_MESSAGES, [now - handledMs]),
    run(OLD_KEYS, [now]),
  ])
  return removed.includes(MOST)
}

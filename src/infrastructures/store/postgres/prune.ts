import type { Retention } from '../driver.ts'
import type { Queries, Statement } from './database.ts'
import { named } from './statement-names.ts'

/** So many rows go at once: each statement is short. */
const MOST = 1_000

/** Rows that another process is just removing are left to it. */
const old = (table: string, condition: string, order: string): Statement =>
  named(
    `prune_${table}`,
    `with gone as (delete from ${table} where ctid = any(array(
      select ctid from ${table} where ${condition} order by ${order} limit ${MOST} for update skip locked)) returning 1)
    select count(*)::integer as removed from gone`,
  )

const BEFORE = `now() - $1::float8 * interval '1 ms'`
const OLD_EVENTS = old(
  'outbox',
  `published_at is not null and time < ${BEFORE} and published_at < ${BEFORE}`,
  'time, version, id',
)
const OLD_MESSAGES = old('inbox', `handled_at < ${BEFORE}`, 'handled_at')
const OLD_KEYS = old('idempotency_keys', 'expires_at < now()', 'expires_at')

/** Removes some of what nobody needs any more; true while there may be more. */
export async function prune({ query }: Queries, { publishedMs, handledMs }: Retention): Promise<boolean> {
  const removed = [
    await query(OLD_EVENTS, [publishedMs]),
    await query(OLD_MESSAGES, [handledMs]),
    await query(OLD_KEYS, []),
  ]
  return removed.some(([row]) => (row as { removed: number }).removed === MOST)
}

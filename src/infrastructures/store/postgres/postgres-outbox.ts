import { randomUUID } from 'node:crypto'
import { type DriverOutbox, type KeptEvent, MOST_COUNTED } from '../driver.ts'
import type { Queries } from './database.ts'
import { named, statementNamer } from './statement-names.ts'

const COLUMNS = 'id, type, subject, version, time, data::text'
const ORDER = 'order by time, version, id'
const PENDING = `from outbox where published_at is null ${ORDER}`

/** So many become pending again at once: each statement is short. */
const MOST_REPLAYED = 1_000
const NIL = '00000000-0000-0000-0000-000000000000'

/** Looks for the newest: the old end of the index is full of what was published, until the table is vacuumed. */
const IS_PENDING = named(
  'outbox_is_pending',
  'select from outbox where published_at is null order by time desc, version desc, id desc limit 1',
)
const LEASE = named(
  'outbox_lease',
  `update outbox_lease set token = $1, until = clock_timestamp() + $2::integer * interval '1 ms'
    where until <= clock_timestamp() returning token`,
)

/**
 * Reads under the lease, and gives it back where nothing is left: an earlier holder may have confirmed the last events
 * between the look and the lease. The limit stands in the text, for the planner: it is always the same.
 */
const pending = statementNamer('outbox_pending')
const pendingEvents = (limit: number) =>
  pending(`with pending as materialized (select ${COLUMNS} ${PENDING} limit ${limit}), given_back as (
      update outbox_lease set until = '-infinity' where token = $1 and not exists (select from pending))
    select * from pending ${ORDER}`)

const CONFIRM = named(
  'outbox_confirm',
  `with held as (update outbox_lease set until = '-infinity' where token = $1 returning token)
    update outbox set published_at = clock_timestamp() where id = any($2) and exists (select from held)`,
)
const RELEASE = named('outbox_release', `update outbox_lease set until = '-infinity' where token = $1`)
const BACKLOG = named(
  'outbox_backlog',
  `select count(*)::integer as pending,
      coalesce(greatest(extract(epoch from clock_timestamp() - min(time)) * 1000, 0), 0)::float8 as "oldestAgeMs"
    from (select time ${PENDING} limit ${MOST_COUNTED}) as oldest`,
)

/** Tells how many there were, and the place of the last one, after which the next ones begin. */
const REPLAY = named(
  'outbox_replay',
  `with again as (update outbox set published_at = null where id = any(array(
      select id from outbox where published_at is not null and (time, version, id) > ($1, $2::integer, $3)
      ${ORDER} limit ${MOST_REPLAYED})) returning time, version, id)
    select count(*) over ()::integer as count, time, version, id from again
    order by time desc, version desc, id desc limit 1`,
)
type Replayed = Readonly<{ count: number; time: Date; version: number; id: string }>

/**
 * The announcements in PostgreSQL. Who may publish is settled in a statement of its own, so that the next one sees
 * all that earlier holders have confirmed.
 */
export const postgresOutbox = ({ query }: Queries): DriverOutbox => ({
  async claim(limit, leaseMs) {
    const token = randomUUID()
    if ((await query(IS_PENDING, [])).length === 0) return { token, events: [] }
    try {
      if ((await query(LEASE, [token, leaseMs])).length === 0) return null
      return { token, events: (await query(pendingEvents(limit), [token])) as KeptEvent[] }
    } catch (error) {
      await query(RELEASE, [token]).catch(() => {}) // then it runs out by itself
      throw error
    }
  },

  async confirm({ token, events }) {
    await query(CONFIRM, [token, `{${events.map(({ id }) => id).join()}}`])
  },

  async release({ token }) {
    await query(RELEASE, [token])
  },

  async backlog() {
    const [row] = await query(BACKLOG, [])
    return row as { pending: number; oldestAgeMs: number }
  },

  async replay(since) {
    let last: Replayed = { count: 0, time: since, version: 0, id: NIL }
    for (let total = 0; ; total += last.count) {
      const [next] = (await query(REPLAY, [last.time.toISOString(), last.version, last.id])) as Replayed[]
      if (next === undefined) return total
      last = next
    }
  },
})

import { randomUUID } from 'node:crypto'
import type { Claim } from '../../../patterns/outbox-relay.ts'
import { type DriverOutbox, type KeptEvent, MOST_COUNTED } from '../driver.ts'
import type { SqliteConnection } from './connection.ts'
import type { outbox } from './schema.ts'
import { persistently, transaction, translating } from './transaction.ts'

type Row = (typeof outbox)['$inferSelect']
type Position = Pick<Row, 'time' | 'version' | 'id'>

/** So many become pending again at once, so that nobody waits long for the lock. */
const MOST_REPLAYED = 500

const ORDER = 'order by time, version, id'
const PENDING = `from outbox where published_at is null ${ORDER}`

const SQL = {
  isPending: `select 1 ${PENDING} limit 1`,
  lease: 'update outbox_lease set token = ?1, until = ?2 where until <= ?3',
  endLease: 'update outbox_lease set until = 0 where token = ?1',
  pending: `select id, type, subject, version, time, data ${PENDING} limit ?1`,
  confirm: 'update outbox set published_at = ?1 where id in (select value from json_each(?2))',
  backlog: `select count(*) as pending, min(time) as oldest from (select time ${PENDING} limit ${MOST_COUNTED})`,
  published: `select time, version, id from outbox where published_at is not null and (time, version, id) > (?1, ?2, ?3)
    ${ORDER} limit ${MOST_REPLAYED}`,
  replay: 'update outbox set published_at = null where id in (select value from json_each(?1))',
} as const

/** The announcements in a file; its clock is that of the machine. */
export const sqliteOutbox = (connection: SqliteConnection): DriverOutbox => ({
  claim: (limit, leaseMs) =>
    persistently(() => {
      const isPending = translating(() => connection.get(SQL.isPending, [])) !== undefined
      if (!isPending) return { token: randomUUID(), events: [] }
      return transaction(connection, () => claim(connection, limit, leaseMs))
    }),

  confirm: ({ token, events }) =>
    persistently(() =>
      transaction(connection, () => {
        if (connection.run(SQL.endLease, [token]) === 0) return
        connection.run(SQL.confirm, [Date.now(), idsOf(events)])
      }),
    ),

  release: ({ token }) => persistently(() => translating(() => void connection.run(SQL.endLease, [token]))),

  async backlog() {
    const row = translating(() => connection.get(SQL.backlog, [])) as { pending: number; oldest: number | null }
    return { pending: row.pending, oldestAgeMs: row.oldest === null ? 0 : Math.max(0, Date.now() - row.oldest) }
  },

  async replay(since) {
    let last: Position = { time: since.getTime(), version: 0, id: '' }
    for (let total = 0; ; ) {
      const next = await persistently(() => transaction(connection, () => replayAfter(connection, last)))
      if (next.length === 0) return total
      total += next.length
      last = next.at(-1) as Position
    }
  },
})

/** Since the look, an earlier holder may have confirmed the last events: a claim of nothing leaves no lease. */
function claim(connection: SqliteConnection, limit: number, leaseMs: number): Claim<KeptEvent> | null {
  const token = randomUUID()
  if (connection.run(SQL.lease, [token, Date.now() + leaseMs, Date.now()]) === 0) return null
  const events = connection.all(SQL.pending, [limit]).map(eventOf)
  if (events.length === 0) connection.run(SQL.endLease, [token])
  return { token, events }
}

function replayAfter(connection: SqliteConnection, { time, version, id }: Position): readonly Position[] {
  const next = connection.all(SQL.published, [time, version, id]) as readonly Position[]
  connection.run(SQL.replay, [idsOf(next)])
  return next
}

const idsOf = (events: readonly Pick<KeptEvent, 'id'>[]): string => JSON.stringify(events.map(({ id }) => id))

function eventOf(row: unknown): KeptEvent {
  const { id, type, subject, version, time, data } = row as Row
  return { id, type, subject, version, time: new Date(time), data }
}

import { randomUUID } from 'node:crypto'
import { time, uuid } from '../aggregate.ts'
import { type DriverOutbox, MAX_COUNTED, type OutboxRecord } from '../driver.ts'
import type { Queries } from './database.ts'
import type { Dialect, Sql } from './dialect.ts'
import { type Prepared, prepare, rowReader } from './statement.ts'

/** The columns of the outbox in the order in which all that insert into it name them. */
export const OUTBOX = 'outbox (id, type, subject, version, time, schema_version, traceparent, data)'

const ORDER = 'order by time, version, id'
const PENDING = `from outbox where published_at is null ${ORDER}`

/** How many a replay makes pending per statement: each is short. */
const REPLAY_BATCH = 1_000

type Lease = Readonly<{ token: string; leaseMs: number }>
type Confirmed = Readonly<{ token: string; ids: readonly string[] }>
type Waiting = Readonly<{ pending: string | number; oldest: Date | null; now: Date }>
type Position = Readonly<{ time: Date; version: number; id: string }>

const NIL = '00000000-0000-0000-0000-000000000000'

/**
 * The events of all units of work. A statement of its own takes the lease, so that the next one sees all that earlier holders
 * have confirmed.
 */
export function sqlOutbox(dialect: Dialect, { query, execute }: Queries): DriverOutbox {
  const statements = outboxStatements(dialect)
  const { recordOf, positionOf, backlogOf } = outboxRows(dialect)
  const endLease = (token: string) => execute(...statements.endLease.with({ token }))

  /** The limit stands in the text, for the planner: it is always the same. */
  async function pending(limit: number): Promise<readonly OutboxRecord[]> {
    return (await query(`${statements.pending} limit ${Math.trunc(limit)}`, [])).map(recordOf)
  }

  return {
    async claim(limit, leaseMs) {
      const token = randomUUID()
      if ((await query(...statements.isPending.with({}))).length === 0) return { token, events: [] }
      if ((await execute(...statements.lease.with({ token, leaseMs }))) === 0) return null
      let events: readonly OutboxRecord[] = []
      try {
        events = await pending(limit)
        return { token, events }
      } finally {
        if (events.length === 0) await endLease(token)
      }
    },

    async confirm({ token, events }) {
      const confirmed = { token, ids: events.map(({ id }) => id) }
      await Promise.all([execute(...statements.confirm.with(confirmed)), endLease(token)]) // one behind the other
    },

    release: async ({ token }) => void (await endLease(token)),

    async backlog() {
      const [row] = await query(...statements.backlog.with({}))
      const { pending: count, oldest, now } = backlogOf(row)
      const ageMs = oldest === null ? 0 : now.getTime() - oldest.getTime()
      return { pending: Number(count), oldestAgeMs: Math.max(0, ageMs) }
    },

    async replay(since) {
      let last: Position = { time: since, version: 0, id: NIL }
      for (let total = 0; ; ) {
        const published = (await query(...statements.published.with(last))).map(positionOf)
        const [end] = published.slice(-1)
        if (end === undefined) return total
        total += await execute(...statements.replay.with({ ids: published.map(({ id }) => id) }))
        last = end
      }
    },
  }
}

/** How its rows are read. */
const outboxRows = (dialect: Dialect) => ({
  recordOf: rowReader<OutboxRecord>({ id: uuid, subject: uuid, time }, dialect),
  positionOf: rowReader<Position>({ id: uuid, time }, dialect),
  backlogOf: rowReader<Waiting>({ oldest: time, now: time }, dialect),
})

/** The statements of the outbox. */
function outboxStatements(dialect: Dialect) {
  const { now, later, anyOf, beyond, forShare, jsonText, past } = dialect
  const statement = <Input>(sql: Sql<Input>): Prepared<Input> => prepare(dialect, sql)

  return {
    /** Reads from the newest: the old end of the index is full of published events, until the table is vacuumed. */
    isPending: statement<object>(
      () => 'select 1 from outbox where published_at is null order by time desc, version desc, id desc limit 1',
    ),
    pending: `select id, type, subject, version, time, schema_version as "schemaVersion", traceparent,
      ${jsonText('data')} as data ${PENDING}`,
    lease: statement<Lease>(
      (bind) => `update outbox_lease set token = ${bind('token', 'uuid')},
        until = ${later(now, bind('leaseMs', 'milliseconds'))} where until <= ${now}`,
    ),
    endLease: statement<Pick<Lease, 'token'>>(
      (bind) => `update outbox_lease set until = ${past} where token = ${bind('token', 'uuid')}`,
    ),
    /** A holder whose lease was taken over marks nothing. */
    confirm: statement<Confirmed>(
      (bind) => `update outbox set published_at = ${now} where ${anyOf('id', bind('ids', 'list'))}
        and exists (select 1 from outbox_lease where token = ${bind('token', 'uuid')} ${forShare})`,
    ),
    backlog: statement<object>(
      () => `select count(*) as pending, min(time) as oldest, ${now} as now
        from (select time ${PENDING} limit ${MAX_COUNTED}) as oldest`,
    ),
    published: statement<Position>((bind) => {
      const last = [bind('time', 'time'), bind('version', 'integer'), bind('id', 'uuid')]
      return `select time, version, id from outbox where published_at is not null
        and ${beyond(['time', 'version', 'id'], '>', last)} ${ORDER} limit ${REPLAY_BATCH}`
    }),
    replay: statement<Pick<Confirmed, 'ids'>>(
      (bind) =>
        `update outbox set published_at = null where published_at is not null and ${anyOf('id', bind('ids', 'list'))}`,
    ),
  }
}

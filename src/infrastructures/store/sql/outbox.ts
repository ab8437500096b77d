import { randomUUID } from 'node:crypto'
import { type DriverOutbox, MAX_COUNTED, type OutboxRecord } from '../driver.ts'
import type { Queries } from './database.ts'
import type { Dialect, Sql } from './dialect.ts'
import { type Prepared, prepare } from './statement.ts'

/** The columns of the outbox in the order in which all that insert into it name them. */
export const OUTBOX = 'outbox (id, type, subject, version, time, schema_version, data)'

const RECORD = 'id, type, subject, version, time, schema_version as "schemaVersion", cast(data as text) as data'
const ORDER = 'order by time, version, id'
const PENDING = `from outbox where published_at is null ${ORDER}`

/** So many become pending again at once: each statement is short. */
const REPLAY_BATCH = 1_000

type Lease = Readonly<{ token: string; leaseMs: number }>
type Confirmed = Readonly<{ token: string; ids: readonly string[] }>
type Position = Readonly<{ time: Date; version: number; id: string }>

/** The limit stands in the text, for the planner: it is always the same. */
const pendingEvents = (limit: number): string => `select ${RECORD} ${PENDING} limit ${Math.trunc(limit)}`

const NIL = '00000000-0000-0000-0000-000000000000'

/**
 * The events of all units of work. The lease is taken in a statement of its own, so that the next one sees all that earlier
 * holders have confirmed.
 */
export function sqlOutbox(dialect: Dialect, { query, execute }: Queries): DriverOutbox {
  const statements = outboxStatements(dialect)
  const timeOf = (time: unknown): Date => (dialect.decode.time ? dialect.decode.time(time as never) : time) as Date
  const located = <Row extends Readonly<{ time: unknown }>>(row: Row) => ({ ...row, time: timeOf(row.time) })
  const endLease = (token: string) => execute(...statements.endLease.with({ token }))

  async function pending(limit: number): Promise<readonly OutboxRecord[]> {
    const rows = await query(pendingEvents(limit), [])
    return (rows as OutboxRecord[]).map(located)
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
      const { pending: count, oldest, now } = row as { pending: string | number; oldest: unknown; now: unknown }
      const ageMs = oldest === null ? 0 : timeOf(now).getTime() - timeOf(oldest).getTime()
      return { pending: Number(count), oldestAgeMs: Math.max(0, ageMs) }
    },

    async replay(since) {
      let last: Position = { time: since, version: 0, id: NIL }
      for (let total = 0; ; ) {
        const rows = await query(...statements.replay.with(last))
        if (rows.length === 0) return total
        total += rows.length
        last = (rows as Position[]).map(located).reduce((one, other) => (isBefore(one, other) ? other : one))
      }
    },
  }
}

function isBefore(one: Position, other: Position): boolean {
  const byTime = one.time.getTime() - other.time.getTime() || one.version - other.version
  return byTime === 0 ? one.id < other.id : byTime < 0
}

/** The statements of the outbox. */
function outboxStatements(dialect: Dialect) {
  const { now, later, anyOf, within, forShare, past } = dialect
  const statement = <Input>(sql: Sql<Input>): Prepared<Input> => prepare(dialect, sql)

  return {
    /** Looks for the newest: the old end of the index is full of what was published, until the table is vacuumed. */
    isPending: statement<object>(
      () => 'select 1 from outbox where published_at is null order by time desc, version desc, id desc limit 1',
    ),
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
    replay: statement<Position>((bind) => {
      const last = [bind('time', 'time'), bind('version', 'integer'), bind('id', 'uuid')]
      const next = `select id from outbox where published_at is not null and (time, version, id) > (${last})
        ${ORDER} limit ${REPLAY_BATCH}`
      return `update outbox set published_at = null where ${within('id', next)} returning time, version, id`
    }),
  }
}

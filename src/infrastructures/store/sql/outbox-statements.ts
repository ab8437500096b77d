import { MAX_COUNTED } from '../driver.ts'
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
export type Position = Readonly<{ time: Date; version: number; id: string }>

/** The limit stands in the text, for the planner: it is always the same. */
export const pendingEvents = (limit: number): string => `select ${RECORD} ${PENDING} limit ${Math.trunc(limit)}`

/** The statements of the outbox. */
export function outboxStatements(dialect: Dialect) {
  const { now, later, anyOf, within, forShare, past } = dialect
  const statement = <Input>(sql: Sql<Input>): Prepared<Input> => prepare(dialect, sql)

  return {
    /** Looks for the newest: the old end of the index is full of what was published, until the table is vacuumed. */
    isPending: statement<null>(
      () => 'select 1 from outbox where published_at is null order by time desc, version desc, id desc limit 1',
    ),
    lease: statement<Lease>(
      (bind) => `update outbox_lease set token = ${bind(({ token }) => token, 'uuid')},
        until = ${later(
          now,
          bind(({ leaseMs }) => leaseMs, 'milliseconds'),
        )} where until <= ${now}`,
    ),
    endLease: statement<string>(
      (bind) => `update outbox_lease set until = ${past} where token = ${bind((token) => token, 'uuid')}`,
    ),
    /** A holder whose lease was taken over marks nothing. */
    confirm: statement<Confirmed>(
      (bind) => `update outbox set published_at = ${now} where ${anyOf(
        'id',
        bind(({ ids }) => ids, 'list'),
      )}
        and exists (select 1 from outbox_lease where token = ${bind(({ token }) => token, 'uuid')} ${forShare})`,
    ),
    backlog: statement<null>(
      () => `select count(*) as pending, min(time) as oldest, ${now} as now
        from (select time ${PENDING} limit ${MAX_COUNTED}) as oldest`,
    ),
    replay: statement<Position>((bind) => {
      const last = [
        bind(({ time }) => time, 'time'),
        bind(({ version }) => version, 'integer'),
        bind(({ id }) => id, 'uuid'),
      ]
      const next = `select id from outbox where published_at is not null and (time, version, id) > (${last})
        ${ORDER} limit ${REPLAY_BATCH}`
      return `update outbox set published_at = null where ${within('id', next)} returning time, version, id`
    }),
  }
}

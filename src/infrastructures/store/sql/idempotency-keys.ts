import { KeyInUse } from '../../../domains/errors/repetition-errors.ts'
import {
  KEY_LIFE_MS,
  type KeyedRequest,
  RESERVED_MS,
  type Reservation,
} from '../../../domains/ports/idempotency-keys.ts'
import type { DriverKeyState, DriverKeys } from '../driver.ts'
import type { Queries } from './database.ts'
import type { Bind, Dialect } from './dialect.ts'
import { type Command, prepare } from './statement.ts'

type Reserving = KeyedRequest & Readonly<{ token: string }>
type Answering = Reservation & Readonly<{ result: string }>
type Row = Readonly<{ fingerprint: string; answer: string | null }>

/** The keys of requests that may be repeated, and their results. */
export function sqlIdempotencyKeys(dialect: Dialect, { query, execute }: Queries) {
  const { now, later } = dialect
  const isFree = `known.expires_at <= ${now}
    or known.fingerprint = excluded.fingerprint and known.answer is null and known.reserved_until <= ${now}`
  const isOf = (bind: Bind<Pick<KeyedRequest, 'userId' | 'key'>>) =>
    `user_id = ${bind('userId', 'uuid')} and key = ${bind('key', 'text')}`
  const isReserved = (bind: Bind<Reservation>) =>
    `${isOf(bind)} and token = ${bind('token', 'uuid')} and answer is null`

  const reserve = prepare<Reserving>(
    dialect,
    (bind) => `insert into idempotency_keys as known (user_id, key, fingerprint, token, reserved_until, expires_at)
      values (${bind('userId', 'uuid')}, ${bind('key', 'text')}, ${bind('fingerprint', 'text')}, ${bind('token', 'uuid')},
        ${later(now, String(RESERVED_MS))}, ${later(now, String(KEY_LIFE_MS))})
      on conflict (user_id, key) do update set fingerprint = excluded.fingerprint, token = excluded.token, answer = null,
        reserved_until = excluded.reserved_until, expires_at = excluded.expires_at where ${isFree}`,
  )
  const find = prepare<KeyedRequest>(
    dialect,
    (bind) => `select fingerprint, answer from idempotency_keys where ${isOf(bind)}`,
  )
  const release = prepare<Reservation>(dialect, (bind) => `delete from idempotency_keys where ${isReserved(bind)}`)
  const save = prepare<Answering>(
    dialect,
    (bind) =>
      dialect.guarded(`update idempotency_keys set answer = ${bind('result', 'text')} where ${isReserved(bind)}`),
    { onNoRow: () => new KeyInUse() },
  )

  return {
    keys: {
      async reserve(request, token) {
        const reserving = { ...request, token }
        const [reserved, [row]] = await Promise.all([execute(...reserve.with(reserving)), query(...find.with(request))])
        return reserved === 1 ? { kind: 'reserved' } : stateOf(row as Row | undefined, request)
      },

      release: async (reservation) => void (await execute(...release.with(reservation))),
    } satisfies DriverKeys,

    saveResult: (reservation: Reservation, result: string): Command => save.command({ ...reservation, result }),
  }
}

/** What a key is that could not be reserved; one that has just appeared is in use. */
function stateOf(row: Row | undefined, { fingerprint }: KeyedRequest): DriverKeyState {
  if (row === undefined) return { kind: 'in-use' }
  if (row.fingerprint !== fingerprint) return { kind: 'reused' }
  return row.answer === null ? { kind: 'in-use' } : { kind: 'answered', answer: row.answer }
}

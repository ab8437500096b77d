import { IdempotencyKeyInUse } from '../../../domains/errors/idempotency-errors.ts'
import {
  KEY_TTL_MS,
  RESERVATION_TTL_MS,
  type Reservation,
  type ReservationRequest,
} from '../../../domains/ports/idempotency-keys.ts'
import type { DriverKeyState, DriverKeys } from '../driver.ts'
import type { Queries } from './database.ts'
import type { Bind, Dialect } from './dialect.ts'
import { type Command, prepare } from './statement.ts'

type NewReservation = ReservationRequest & Readonly<{ token: string }>
type SavedResult = Reservation & Readonly<{ result: string }>
type Row = Readonly<{ fingerprint: string; answer: string | null }>

/** Idempotency keys and their results. */
export function sqlIdempotencyKeys(dialect: Dialect, { query, execute }: Queries) {
  const isOf = (bind: Bind<Pick<ReservationRequest, 'userId' | 'key'>>) =>
    `user_id = ${bind('userId', 'uuid')} and "key" = ${bind('key', 'text')}`
  const isReserved = (bind: Bind<Reservation>) =>
    `${isOf(bind)} and token = ${bind('token', 'uuid')} and answer is null`

  const reserve = reservation(dialect)
  const find = prepare<ReservationRequest>(
    dialect,
    (bind) => `select fingerprint, answer from idempotency_keys where ${isOf(bind)}`,
  )
  const release = prepare<Reservation>(dialect, (bind) => `delete from idempotency_keys where ${isReserved(bind)}`)
  const save = prepare<SavedResult>(
    dialect,
    (bind) =>
      dialect.guarded(`update idempotency_keys set answer = ${bind('result', 'text')} where ${isReserved(bind)}`),
    { onGuardFailed: IdempotencyKeyInUse },
  )

  return {
    keys: {
      async reserve(request, token) {
        const reservation = { ...request, token }
        const [reserved, [row]] = await Promise.all([
          execute(...reserve.with(reservation)),
          query(...find.with(request)),
        ])
        return reserved > 0 ? { kind: 'reserved' } : stateOf(row as Row | undefined, request)
      },

      release: async (reservation) => void (await execute(...release.with(reservation))),
    } satisfies DriverKeys,

    saveResult: (reservation: Reservation, result: string): Command => save.command({ ...reservation, result }),
  }
}

/** Reserves a key that does not exist, or is free again. */
const reservation = (dialect: Dialect) => {
  const { now, later } = dialect
  return prepare<NewReservation>(dialect, (bind) =>
    dialect.upsert({
      table: 'idempotency_keys',
      key: ['user_id', '"key"'],
      row: {
        user_id: bind('userId', 'uuid'),
        '"key"': bind('key', 'text'),
        fingerprint: bind('fingerprint', 'text'),
        token: bind('token', 'uuid'),
        answer: 'null',
        reserved_until: later(now, String(RESERVATION_TTL_MS)),
        expires_at: later(now, String(KEY_TTL_MS)),
      },
      token: 'token',
      isFree: (known, next) => `${known('expires_at')} <= ${now} or ${known('fingerprint')} = ${next('fingerprint')}
        and ${known('answer')} is null and ${known('reserved_until')} <= ${now}`,
    }),
  )
}

/** The state of a key that could not be reserved; one that has just appeared is in use. */
function stateOf(row: Row | undefined, { fingerprint }: ReservationRequest): DriverKeyState {
  if (row === undefined) return { kind: 'in-use' }
  if (row.fingerprint !== fingerprint) return { kind: 'reused' }
  return row.answer === null ? { kind: 'in-use' } : { kind: 'completed', result: row.answer }
}

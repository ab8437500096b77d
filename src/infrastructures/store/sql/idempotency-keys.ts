import { KeyInUse } from '../../../domains/errors/repetition-errors.ts'
import {
  KEY_LIFE_MS,
  type KeyedRequest,
  RESERVED_MS,
  type Reservation,
} from '../../../domains/ports/idempotency-keys.ts'
import type { DriverKeyState, DriverKeys } from '../driver.ts'
import type { Queries } from './database.ts'
import type { Dialect } from './dialect.ts'
import { type Command, conflict, prepare } from './statement.ts'

type Reserving = KeyedRequest & Readonly<{ token: string }>
type Answering = Reservation & Readonly<{ result: string }>
type Row = Readonly<{ fingerprint: string; answer: string | null }>

/** The keys of requests that may be repeated, and their results. */
export function sqlIdempotencyKeys(dialect: Dialect, { query, execute }: Queries) {
  const { now, later } = dialect
  const isFree = `known.expires_at <= ${now}
    or known.fingerprint = excluded.fingerprint and known.answer is null and known.reserved_until <= ${now}`

  const reserve = prepare<Reserving>(
    dialect,
    (bind) => `insert into idempotency_keys as known (user_id, key, fingerprint, token, reserved_until, expires_at)
      values (${bind(({ userId }) => userId, 'uuid')}, ${bind(({ key }) => key, 'text')},
        ${bind(({ fingerprint }) => fingerprint, 'text')}, ${bind(({ token }) => token, 'uuid')},
        ${later(now, String(RESERVED_MS))}, ${later(now, String(KEY_LIFE_MS))})
      on conflict (user_id, key) do update set fingerprint = excluded.fingerprint, token = excluded.token, answer = null,
        reserved_until = excluded.reserved_until, expires_at = excluded.expires_at where ${isFree}`,
  )
  const find = prepare<KeyedRequest>(
    dialect,
    (bind) => `select fingerprint, answer from idempotency_keys
      where user_id = ${bind(({ userId }) => userId, 'uuid')} and key = ${bind(({ key }) => key, 'text')}`,
  )
  const release = prepare<Reservation>(
    dialect,
    (bind) => `delete from idempotency_keys where user_id = ${bind(({ userId }) => userId, 'uuid')}
      and key = ${bind(({ key }) => key, 'text')} and token = ${bind(({ token }) => token, 'uuid')} and answer is null`,
  )
  const save = prepare<Answering>(dialect, (bind) =>
    dialect.guarded(`update idempotency_keys set answer = ${bind(({ result }) => result, 'text')}
      where user_id = ${bind(({ userId }) => userId, 'uuid')} and key = ${bind(({ key }) => key, 'text')}
        and token = ${bind(({ token }) => token, 'uuid')} and answer is null`),
  )

  return {
    keys: {
      async reserve(request, token) {
        const reserving = { ...request, token }
        const [reserved, [row]] = await Promise.all([execute(...reserve.with(reserving)), query(...find.with(request))])
        return reserved === 1 ? { kind: 'reserved' } : stateOf(row as Row | undefined, request)
      },

      async release(reservation) {
        await execute(...release.with(reservation))
      },
    } satisfies DriverKeys,

    saveResult: (reservation: Reservation, result: string): Command => ({
      text: save.text,
      values: save.valuesOf({ ...reservation, result }),
      onNoRow: () => new KeyInUse(),
      onForeignKey: conflict,
      onDuplicate: conflict,
    }),
  }
}

/** What a key is that could not be reserved; one that has just appeared is in use. */
function stateOf(row: Row | undefined, { fingerprint }: KeyedRequest): DriverKeyState {
  if (row === undefined) return { kind: 'in-use' }
  if (row.fingerprint !== fingerprint) return { kind: 'reused' }
  return row.answer === null ? { kind: 'in-use' } : { kind: 'answered', answer: row.answer }
}

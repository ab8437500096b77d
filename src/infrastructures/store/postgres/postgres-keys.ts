import { KEY_LIFE_MS, RESERVED_MS } from '../../../domains/ports/idempotency-keys.ts'
import type { DriverKeyState, DriverKeys } from '../driver.ts'
import type { Queries } from './database.ts'
import { named } from './statement-names.ts'

const FREE = `known.expires_at <= now()
  or known.fingerprint = excluded.fingerprint and known.answer is null and known.reserved_until <= now()`

/** Takes the key if it is free. Besides it tells what was known of the key before: nothing, if someone took it just now. */
const RESERVE = named(
  'reserve_key',
  `with reserved as (
      insert into idempotency_keys as known (user_id, key, fingerprint, token, reserved_until, expires_at)
      values ($1, $2, $3, $4, now() + interval '${RESERVED_MS} ms', now() + interval '${KEY_LIFE_MS} ms')
      on conflict (user_id, key) do update set fingerprint = excluded.fingerprint, token = excluded.token, answer = null,
        reserved_until = excluded.reserved_until, expires_at = excluded.expires_at
      where ${FREE} returning token)
    select exists (select from reserved) as "isReserved", known.fingerprint, known.answer
    from (select) as one left join idempotency_keys as known on user_id = $1 and key = $2`,
)
const RELEASE = named(
  'release_key',
  'delete from idempotency_keys where user_id = $1 and key = $2 and token = $3 and answer is null',
)

type Row = Readonly<{ isReserved: boolean; fingerprint: string | null; answer: string | null }>

/** The keys in PostgreSQL: a reservation is one round trip, which may have to wait for a commit under the same key. */
export const postgresKeys = ({ query }: Queries): DriverKeys => ({
  async reserve({ userId, key, fingerprint }, token) {
    const [row] = await query(RESERVE, [userId, key, fingerprint, token])
    return stateOf(row as Row, fingerprint)
  },

  async release({ userId, key, token }) {
    await query(RELEASE, [userId, key, token])
  },
})

function stateOf({ isReserved, answer, ...known }: Row, fingerprint: string): DriverKeyState {
  if (isReserved) return { kind: 'reserved' }
  if (known.fingerprint !== null && known.fingerprint !== fingerprint) return { kind: 'reused' }
  return answer === null ? { kind: 'in-use' } : { kind: 'answered', answer }
}

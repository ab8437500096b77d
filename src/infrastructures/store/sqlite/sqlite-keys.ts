import { KEY_LIFE_MS, RESERVED_MS } from '../../../domains/ports/idempotency-keys.ts'
import type { DriverKeyState, DriverKeys } from '../driver.ts'
import { type KnownKey, obstacleIn } from '../known-key.ts'
import type { SqliteConnection } from './connection.ts'
import { transaction, translating } from './transaction.ts'

const FIND = `select fingerprint, answer, reserved_until as "reservedUntil" from idempotency_keys
  where user_id = ?1 and key = ?2 and expires_at > ?3`
const RESERVE = `insert or replace into idempotency_keys (user_id, key, fingerprint, token, reserved_until, expires_at)
  values (?1, ?2, ?3, ?4, ?5, ?6)`
const RELEASE = 'delete from idempotency_keys where user_id = ?1 and key = ?2 and token = ?3 and answer is null'

/** The keys in a file; its clock is that of the machine. */
export const sqliteKeys = (connection: SqliteConnection): DriverKeys => ({
  async reserve({ userId, key, fingerprint }, token) {
    return transaction(connection, (): DriverKeyState => {
      const now = Date.now()
      const known = connection.get(FIND, [userId, key, now]) as KnownKey | undefined
      const obstacle = obstacleIn(known, fingerprint, now)
      if (obstacle !== null) return obstacle

      connection.run(RESERVE, [userId, key, fingerprint, token, now + RESERVED_MS, now + KEY_LIFE_MS])
      return { kind: 'reserved' }
    })
  },

  async release({ userId, key, token }) {
    translating(() => connection.run(RELEASE, [userId, key, token]))
  },
})

import { KEY_TTL_MS, RESERVATION_TTL_MS } from '../../../domains/ports/idempotency-keys.ts'
import type { DriverKeyState, DriverKeys } from '../driver.ts'
import { compositeKey, type MemoryState, type StoredKey } from './memory-state.ts'

/** The keys of this process. */
export const memoryKeys = ({ key: keys }: MemoryState, clock: () => number): DriverKeys => ({
  async reserve({ userId, key, fingerprint }, token) {
    const name = compositeKey(userId, key)
    const now = clock()
    const found = keys.get(name)
    const known = found !== undefined && found.expiresAt > now ? found : undefined
    const conflict = reservationConflict(known, fingerprint, now)
    if (conflict !== null) return conflict

    keys.set(name, {
      fingerprint,
      token,
      result: null,
      reservedUntil: now + RESERVATION_TTL_MS,
      expiresAt: now + KEY_TTL_MS,
    })
    return { kind: 'reserved' }
  },

  async release({ userId, key, token }) {
    const known = keys.get(compositeKey(userId, key))
    if (known?.token === token && known.result === null) keys.delete(compositeKey(userId, key))
  },
})

/** Why a key cannot be reserved for the request with this fingerprint; null when it can. */
function reservationConflict(known: StoredKey | undefined, fingerprint: string, now: number): DriverKeyState | null {
  if (known === undefined) return null
  if (known.fingerprint !== fingerprint) return { kind: 'reused' }
  if (known.result !== null) return { kind: 'completed', result: known.result }
  return known.reservedUntil > now ? { kind: 'in-use' } : null
}

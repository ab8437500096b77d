import { KEY_LIFE_MS, RESERVED_MS } from '../../../domains/ports/idempotency-keys.ts'
import type { DriverKeyState, DriverKeys } from '../driver.ts'
import { type KnownKey, type MemoryState, pairOf } from './memory-state.ts'

/** The keys of this process. */
export const memoryKeys = ({ key: keys }: MemoryState, clock: () => number): DriverKeys => ({
  async reserve({ userId, key, fingerprint }, token) {
    const name = pairOf(userId, key)
    const now = clock()
    const found = keys.get(name)
    const known = found !== undefined && found.expiresAt > now ? found : undefined
    const obstacle = obstacleIn(known, fingerprint, now)
    if (obstacle !== null) return obstacle

    keys.set(name, { fingerprint, token, answer: null, reservedUntil: now + RESERVED_MS, expiresAt: now + KEY_LIFE_MS })
    return { kind: 'reserved' }
  },

  async release({ userId, key, token }) {
    const known = keys.get(pairOf(userId, key))
    if (known?.token === token && known.answer === null) keys.delete(pairOf(userId, key))
  },
})

/** Why a key cannot be reserved for the request with this fingerprint; null when it can. */
function obstacleIn(known: KnownKey | undefined, fingerprint: string, now: number): DriverKeyState | null {
  if (known === undefined) return null
  if (known.fingerprint !== fingerprint) return { kind: 'reused' }
  if (known.answer !== null) return { kind: 'answered', answer: known.answer }
  return known.reservedUntil > now ? { kind: 'in-use' } : null
}

import type { DriverKeyState } from './driver.ts'

/** A key that has not expired; without an answer it is reserved until then, in epoch milliseconds. */
export type KnownKey = Readonly<{ fingerprint: string; answer: string | null; reservedUntil: number }>

/** Why a key cannot be reserved for the request with this fingerprint; null when it can. */
export function obstacleIn(known: KnownKey | undefined, fingerprint: string, now: number): DriverKeyState | null {
  if (known === undefined) return null
  if (known.fingerprint !== fingerprint) return { kind: 'reused' }
  if (known.answer !== null) return { kind: 'answered', answer: known.answer }
  return known.reservedUntil > now ? { kind: 'in-use' } : null
}

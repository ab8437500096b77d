import type { UserId } from '../entities/user.ts'

/** A request that its user may send again. `fingerprint` tells apart what is asked for under the same key. */
export type KeyedRequest = Readonly<{ userId: UserId; key: string; fingerprint: string }>

/** The right to answer a request; `token` tells apart those who had it one after the other. */
export type Reservation = Readonly<{ userId: UserId; key: string; token: string }>

export type KeyState =
  | Readonly<{ kind: 'reserved'; reservation: Reservation }>
  | Readonly<{ kind: 'answered'; answer: unknown }>
  | Readonly<{ kind: 'in-use' }>
  | Readonly<{ kind: 'reused' }>

/** The answers to requests that may be repeated. A key is forgotten a day after it was first used. */
export interface IdempotencyKeys {
  /**
   * Reserves the key for this request, or says what became of it. Who has a reservation answers within {@link RESERVED_MS},
   * or somebody else may reserve it; a key without an answer is then free for the same request.
   */
  reserve(request: KeyedRequest): Promise<KeyState>

  /** Gives a reservation back unanswered. */
  release(reservation: Reservation): Promise<void>
}

/** The answers within a unit of work. */
export interface Answers {
  /**
   * Keeps plain data as the answer to a request, with the changes of this unit. The unit is refused with {@link KeyInUse}
   * when the reservation has passed to somebody else.
   */
  keep(reservation: Reservation, answer: unknown): Promise<void>
}

/** Longer than a unit of work can take, with all its attempts. */
export const RESERVED_MS = 30_000
export const KEY_LIFE_MS = 24 * 3_600_000

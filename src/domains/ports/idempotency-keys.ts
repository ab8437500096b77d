import type { UserId } from '../entities/user.ts'

/** A request that its user may send again. `fingerprint` tells apart what is asked for under the same key. */
export type ReservationRequest = Readonly<{ userId: UserId; key: string; fingerprint: string }>

/** The right to answer a request; `token` tells apart those who had it one after the other. */
export type Reservation = Readonly<{ userId: UserId; key: string; token: string }>

export type KeyState =
  | Readonly<{ kind: 'reserved'; reservation: Reservation }>
  | Readonly<{ kind: 'completed'; result: unknown }>
  | Readonly<{ kind: 'in-use' }>
  | Readonly<{ kind: 'reused' }>

/** The answers to requests that may be repeated. A key is forgotten a day after it was first used. */
export interface IdempotencyKeys {
  /**
   * Reserves the key for this request, or says what became of it. Who has a reservation answers within {@link RESERVATION_TTL_MS},
   * or somebody else may reserve it, as that one may have died; a key without an answer is then free for the same request.
   */
  reserve(request: ReservationRequest): Promise<KeyState>

  /** Gives a reservation back unanswered. */
  release(reservation: Reservation): Promise<void>
}

/** The answers within a unit of work. */
export interface IdempotentResults {
  /**
   * Keeps plain data as the answer to a request, with the changes of this unit. The unit is refused with {@link IdempotencyKeyInUse}
   * when the reservation has passed to somebody else.
   */
  save(reservation: Reservation, result: unknown): Promise<void>
}

/**
 * How long a key whose process died blocks its repetition: clients may rely on 15 s, of which 5 s are left to whoever starts
 * the process anew. An attempt of a unit of work takes 7 s at the most, waiting for connections and statement time-outs
 * included. One that gives way again and again, or whose process sleeps, may take longer: it then keeps its answer if nobody
 * has reserved the key meanwhile, and is refused with all its changes otherwise. So there is never a second effect.
 */
export const RESERVATION_TTL_MS = 10_000
export const KEY_TTL_MS = 24 * 3_600_000

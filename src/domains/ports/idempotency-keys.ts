import type { UserId } from '../entities/user.ts'

/** A request that its user may send again. `fingerprint` distinguishes different requests with the same key. */
export type ReservationRequest = Readonly<{ userId: UserId; key: string; fingerprint: string }>

/** The right to execute a request; `token` distinguishes successive holders. */
export type Reservation = Readonly<{ userId: UserId; key: string; token: string }>

export type KeyState =
  | Readonly<{ kind: 'reserved'; reservation: Reservation }>
  | Readonly<{ kind: 'completed'; result: unknown }>
  | Readonly<{ kind: 'in-use' }>
  | Readonly<{ kind: 'reused' }>

/** The results of requests that clients may retry. A key expires a day after its first use. */
export interface IdempotencyKeys {
  /**
   * Reserves the key for this request, or returns its state. A reservation expires after {@link RESERVATION_TTL_MS}, because its
   * holder may have died; a key without a result is then free for the same request.
   */
  reserve(request: ReservationRequest): Promise<KeyState>

  /** Releases a reservation without a result. */
  release(reservation: Reservation): Promise<void>
}

/** The results within a unit of work. */
export interface IdempotentResults {
  /**
   * Stores plain data as the result of a request, with the changes of this unit. The store refuses the unit with
   * {@link IdempotencyKeyInUse} if another process holds the reservation.
   */
  save(reservation: Reservation, result: unknown): Promise<void>
}

/**
 * How long a key blocks retries after its process died: clients may rely on 15 s, of which 5 s are for the supervisor that
 * restarts the process. An attempt of a unit of work takes 7 s at most, waiting for connections and statement time-outs
 * included. A unit that is retried often, or whose process is paused, may take longer: it then commits if no other request
 * has reserved the key meanwhile, and is refused with all its changes otherwise. So there is never a second effect.
 */
export const RESERVATION_TTL_MS = 10_000
export const KEY_TTL_MS = 24 * 3_600_000

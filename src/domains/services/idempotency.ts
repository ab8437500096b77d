import { IdempotencyKeyInUse, IdempotencyKeyReused } from '../errors/idempotency-errors.ts'
import type { IdempotencyKeys, KeyState, Reservation, ReservationRequest } from '../ports/idempotency-keys.ts'
import type { UnitOfWork } from '../ports/unit-of-work.ts'

/** How a client identifies a request that it may send again. */
export type IdempotentRequest = Omit<ReservationRequest, 'userId'>

/** The result of a request. A replay is the result of the first time: the service did nothing for it now. */
export type IdempotentResult<Result> = Readonly<{ result: Result; isReplay: boolean }>

export type Work<Result> = (uow: UnitOfWork) => Promise<Result>

/**
 * Runs the work and stores its result in the same unit of work, so that there is never one without the other.
 *
 * A failure is not stored: the key is free for another attempt. That is safe after a lost commit reply, too: a late commit
 * fails because its reservation is gone; an early one left its result to be replayed.
 */
export async function runIdempotently<Result>(
  keys: IdempotencyKeys,
  reservation: Reservation,
  work: Work<Result>,
  run: (work: Work<Result>) => Promise<Result>,
): Promise<Result> {
  try {
    return await run(async (uow) => {
      const result = await work(uow)
      await uow.results.save(reservation, result)
      return result
    })
  } catch (error) {
    await keys.release(reservation).catch(() => {}) // it runs out by itself
    throw error
  }
}

/** The stored result, if there is one. @throws {IdempotencyKeyInUse} @throws {IdempotencyKeyReused} */
export function storedResult<Result>(state: Exclude<KeyState, { kind: 'reserved' }>): Result {
  if (state.kind === 'in-use') throw new IdempotencyKeyInUse()
  if (state.kind === 'reused') throw new IdempotencyKeyReused()
  return state.result as Result
}

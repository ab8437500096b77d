import { IdempotencyKeyInUse, IdempotencyKeyReused } from '../errors/idempotency-errors.ts'
import type { IdempotencyKeys, KeyState, Reservation, ReservationRequest } from '../ports/idempotency-keys.ts'
import type { UnitOfWork } from '../ports/unit-of-work.ts'

/** How a request that may be sent again is known to its user. */
export type IdempotentRequest = Omit<ReservationRequest, 'userId'>

/** What came of a request. A replay is what came of it the first time: nothing was done for it now. */
export type IdempotentResult<Result> = Readonly<{ result: Result; isReplay: boolean }>

export type Work<Result> = (uow: UnitOfWork) => Promise<Result>

/**
 * Runs the work and keeps what it returns as the answer, in one unit, so that there is never one without the other.
 *
 * A failure is no answer: the key is free for another attempt. That holds for an unknown outcome too, as a unit that is
 * kept late finds its reservation gone and is refused, and one that was kept before keeps its answer.
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

/** The answer that was kept, if there is one. @throws {IdempotencyKeyInUse} @throws {IdempotencyKeyReused} */
export function storedResult<Result>(state: Exclude<KeyState, { kind: 'reserved' }>): Result {
  if (state.kind === 'in-use') throw new IdempotencyKeyInUse()
  if (state.kind === 'reused') throw new IdempotencyKeyReused()
  return state.result as Result
}

import { SessionTerminated, SessionUnusable, StatementNotPrepared } from './errors.ts'

type Sessions = Readonly<{
  /** Later statements open new sessions, except on those that are younger than so much. */
  renew: (minAgeMs: number) => void
  /** From now on all sessions count as pooled. */
  assumePooled: () => void
}>

/** A younger session is not replaced: the next one would be unable as well. */
const MIN_AGE_MS = 1_000

/** After so many unknown statements in a row, on old and new sessions, statements are not named any more. */
const ATTEMPTS = { sessionRenewal: 2, distrusting: 4 } as const

/**
 * A statement that took so long is not sent again, because its caller waits as well. One that was not prepared because of a
 * lock took longer than that, too: that says nothing about the session.
 */
const MAX_ELAPSED_MS = { prepared: 250, spent: 1_000 } as const

/** Replaces sessions that cannot work any more, and sends their failed statements again on new ones. */
export function sessionRenewal({ renew, assumePooled }: Sessions) {
  /** @throws the failure, unless another attempt may succeed */
  function prepareAgain(error: unknown, failures: number, took: number): void {
    if (error instanceof StatementNotPrepared) prepareNames(error, failures, took)
    else if (error instanceof SessionUnusable) replace(error, failures, took)
    else throw error
  }

  function replace(error: SessionUnusable, failures: number, took: number): void {
    if (!(error instanceof SessionTerminated)) renew(MIN_AGE_MS)
    if (failures > 1 || took > MAX_ELAPSED_MS.spent) throw error
  }

  function prepareNames(error: StatementNotPrepared, failures: number, took: number): void {
    if (failures > ATTEMPTS.distrusting || took > MAX_ELAPSED_MS.prepared) throw error
    if (failures === ATTEMPTS.distrusting) assumePooled()
    if (failures === ATTEMPTS.distrusting || failures === ATTEMPTS.sessionRenewal) renew(0)
  }

  async function retryWithRenewal<Result>(task: () => Promise<Result>, first: unknown, start: number): Promise<Result> {
    let error = first
    for (let failures = 1; ; failures++) {
      prepareAgain(error, failures, performance.now() - start)
      try {
        return await task()
      } catch (next) {
        error = next
      }
    }
  }

  return {
    /** Nothing was committed after such a failure, so a retry is safe. */
    withRenewal<Result>(task: () => Promise<Result>): Promise<Result> {
      const start = performance.now()
      return task().catch((error) => retryWithRenewal(task, error, start))
    },

    onReadOnly: (): void => renew(MIN_AGE_MS),
  }
}

import { SessionTerminated, SessionUnusable, StatementNotPrepared } from './errors.ts'

type Sessions = Readonly<{
  /** Lets what comes next open new sessions, but for those that are younger than so much. */
  renew: (minAgeMs: number) => void
  /** From now on no session is taken for the only one of its kind. */
  assumePooled: () => void
}>

/** A session that is younger is not given up for being unable: the next one would be as well. */
const MIN_AGE_MS = 1_000

/** So often a statement is not known to a session, then to a new one, before names are given up. */
const ATTEMPTS = { sessionRenewal: 2, distrusting: 4 } as const

/**
 * What has waited for so long is not sent once more, as its caller waits as well. A statement that was not prepared because
 * a lock was in the way has waited for longer than that, too: it says nothing about the session.
 */
const MAX_ELAPSED_MS = { prepared: 250, spent: 1_000 } as const

/** Gives up sessions that can do their work no more, and does what they could not once more on new ones. */
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
    /** Nothing of what fails like this was kept, so it may be done again. What succeeds costs no more than without. */
    withRenewal<Result>(task: () => Promise<Result>): Promise<Result> {
      const start = performance.now()
      return task().catch((error) => retryWithRenewal(task, error, start))
    },

    onReadOnly: (): void => renew(MIN_AGE_MS),
  }
}

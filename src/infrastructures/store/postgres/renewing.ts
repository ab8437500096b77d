import { NotPrepared, SessionEnded, SessionSpent } from './errors.ts'

type Sessions = Readonly<{
  /** Lets what comes next open new sessions, but for those that are younger than so much. */
  renew: (leastAgeMs: number) => void
  /** From now on no session is taken for the only one of its kind. */
  distrust: () => void
}>

/** A session that is younger is not given up for being unable: the next one would be as well. */
const LEAST_AGE_MS = 1_000

/** So often a statement is not known to a session, then to a new one, before names are given up. */
const ATTEMPTS = { renewing: 2, distrusting: 4 } as const

/** Gives up sessions that can do their work no more, and does what they could not once more on new ones. */
export function renewing({ renew, distrust }: Sessions) {
  /** Nothing of what fails like this was kept. */
  function prepareAgain(failures: number, error: unknown): void {
    if (!(error instanceof SessionSpent) || failures > ATTEMPTS.distrusting) throw error
    if (!(error instanceof NotPrepared)) {
      if (!(error instanceof SessionEnded)) renew(LEAST_AGE_MS)
      if (failures > 1) throw error
    } else if (failures === ATTEMPTS.renewing) renew(0)
    else if (failures === ATTEMPTS.distrusting) {
      distrust()
      renew(0)
    }
  }

  return {
    async anew<Result>(task: () => Promise<Result>): Promise<Result> {
      for (let failures = 1; ; failures++) {
        try {
          return await task()
        } catch (error) {
          prepareAgain(failures, error)
        }
      }
    },

    seenReadOnly: (): void => renew(LEAST_AGE_MS),
  }
}

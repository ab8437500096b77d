import { setTimeout as sleep } from 'node:timers/promises'
import { type Retry, retry } from '../../patterns/retry.ts'
import { TransientConflict } from './store-errors.ts'

export const ATTEMPTS = 10

/** Ten attempts wait 2 s in all at the most: the pauses are bounded by 4, 8, 16 … 1024 ms. */
export const RETRY_POLICY: Retry = { attempts: ATTEMPTS, minBackoffMs: 4, sleep, random: Math.random }

const isTransientConflict = (error: unknown): boolean => error instanceof TransientConflict

/** Retries the task after transient conflicts. */
export const withRetry = <Result>(task: () => Promise<Result>): Promise<Result> =>
  task().catch((error) => {
    if (!isTransientConflict(error)) throw error
    return retry(task, isTransientConflict, RETRY_POLICY)
  })

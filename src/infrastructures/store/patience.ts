import { setTimeout as sleep } from 'node:timers/promises'
import { type Retry, retry } from '../../patterns/retry.ts'
import { Contention } from './store-errors.ts'

export const ATTEMPTS = 10

/** Ten attempts wait 2 s in all at the most: the pauses are bounded by 4, 8, 16 … 1024 ms. */
export const PATIENCE: Retry = { attempts: ATTEMPTS, firstPauseMs: 4, sleep, random: Math.random }

const isContention = (error: unknown): boolean => error instanceof Contention

/** Runs the task again while others are in the way; one that succeeds at once costs no more than without. */
export const persistently = <Result>(task: () => Promise<Result>): Promise<Result> =>
  task().catch((error) => {
    if (!isContention(error)) throw error
    return retry(task, isContention, PATIENCE)
  })

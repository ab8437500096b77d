import { setTimeout as sleep } from 'node:timers/promises'
import type { Retry } from '../../patterns/retry.ts'

export const ATTEMPTS = 10

/** Ten attempts wait 2 s in all at the most: the pauses are bounded by 4, 8, 16 … 1024 ms. */
export const PATIENCE: Retry = { attempts: ATTEMPTS, firstPauseMs: 4, sleep, random: Math.random }

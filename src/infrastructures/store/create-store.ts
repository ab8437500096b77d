import { setTimeout as sleep } from 'node:timers/promises'
import { Conflict } from '../../domains/errors/change-errors.ts'
import type { Store } from '../../domains/ports/store.ts'
import type { UnitOfWork } from '../../domains/ports/unit-of-work.ts'
import { retry } from '../../patterns/retry.ts'
import { Contention } from './contention.ts'
import type { StoreDriver } from './driver.ts'
import { openRecord } from './record.ts'
import { recordingUnitOfWork } from './unit-of-work.ts'

/** Ten attempts wait 2 s in all at the most: the pauses are bounded by 4, 8, 16 … 1024 ms. */
export const ATTEMPTS = 10
const RETRY = { attempts: ATTEMPTS, firstPauseMs: 4, sleep, random: Math.random } as const

const isTransient = (error: unknown): boolean => error instanceof Conflict || error instanceof Contention

/** Makes a store of a driver: units of work are written down while they run, then kept as one, and re-run on conflict. */
export function createStore(driver: StoreDriver): Store {
  async function attempt<Result>(work: (uow: UnitOfWork) => Promise<Result>): Promise<Result> {
    const record = openRecord()
    try {
      const result = await work(recordingUnitOfWork(driver, record))
      const changes = record.changes()
      record.close()
      if (changes.length > 0) await driver.commit(changes)
      return result
    } finally {
      record.close()
    }
  }

  return {
    posts: driver.posts,
    comments: driver.comments,
    users: driver.users,
    transact: (work) => retry(() => attempt(work), isTransient, RETRY),
  }
}

import { uuid } from '../kit/ids.ts'
import type { MemberId } from '../kit/library/member.ts'
import { aMember } from '../kit/library/samples.ts'
import { createStore, emptyState, memoryDriver } from '../kit/library/store.ts'
import type { World } from '../kit/simulated-world.ts'
import { openEngine } from './simulated-engine.ts'

export const bookId = (n: number): string => uuid('b', n)
export const reviewId = (n: number): string => uuid('c', n)
export const loanId = (n: number): string => uuid('d', n)

/** Two who own books and reviews. */
export const MEMBERS = [1, 2].map((n) => uuid('a', n) as unknown as MemberId)

export type SimulatedLibrary = ReturnType<typeof openLibrary>

/** A library on one database in memory. */
export function openLibrary(world: World) {
  const state = emptyState()
  for (const id of MEMBERS) state.member.set(id, aMember({ id }))
  return openEngine(world, {
    state,
    driver: memoryDriver(state, world.now),
    createStore: (driver, backoff) => createStore(driver, { backoff }),
  })
}

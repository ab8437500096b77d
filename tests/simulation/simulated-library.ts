import type { MemberId } from '../kit/library/member.ts'
import { aMember } from '../kit/library/samples.ts'
import { createStore, emptyState, memoryDriver } from '../kit/library/store.ts'
import type { World } from '../kit/simulated-world.ts'
import { openEngine } from './simulated-engine.ts'

const idOf =
  (kind: string) =>
  (n: number): string =>
    `00000000-0000-7000-8000-${kind}${String(n).padStart(11, '0')}`

export const [bookId, reviewId, loanId] = [idOf('b'), idOf('c'), idOf('d')]

/** Two who own books and reviews. */
export const MEMBERS = [1, 2].map((n) => idOf('a')(n) as MemberId)

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

import { alice, bob, superAdmin, userOf } from '../fixtures.ts'
import { createStore, emptyState, memoryDriver } from '../kit/forum-store.ts'
import type { World } from '../kit/simulated-world.ts'
import { type BreakDriver, openEngine } from './simulated-engine.ts'

export type SimulatedForum = ReturnType<typeof openForum>

/** A forum on one database in memory, of which Alice, Bob and the super admin are members. */
export function openForum(world: World, breaking?: BreakDriver) {
  const state = emptyState()
  for (const actor of [alice, bob, superAdmin]) state.user.set(actor.userId, userOf(actor))
  return openEngine(world, {
    state,
    driver: memoryDriver(state, world.now),
    breaking,
    createStore: (driver, backoff) => createStore(driver, undefined, backoff),
  })
}

import type { DomainEvent } from '../../src/domains/events/domain-event.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import type { OutboxRecord, StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { alice, bob, noon, superAdmin, userOf } from '../fixtures.ts'
import { createStore, emptyState, type ForumState as MemoryState, memoryDriver } from '../kit/forum-store.ts'
import { type SimulatedProcess, throughProcess } from '../kit/simulated-process.ts'
import type { World } from '../kit/simulated-world.ts'

/** Breaks a rule of the database, for a simulation that has to notice. */
export type BreakDriver = (driver: StoreDriver, state: MemoryState, world: World) => StoreDriver

export type SimulatedForum = ReturnType<typeof openForum>

/** A forum on one database in memory, of which Alice, Bob and the super admin are members. */
export function openForum(world: World, breaking: BreakDriver = (driver) => driver) {
  const { now, dice } = world
  const state = emptyState()
  for (const actor of [alice, bob, superAdmin]) state.user.set(actor.userId, userOf(actor))
  const driver = memoryDriver(state, now)
  const committed = new Set<string>()
  let numbers = 0

  async function commit(changes: Parameters<typeof driver.commit>[0]): Promise<void> {
    await driver.commit(changes)
    for (const change of changes) if ('event' in change && change.event !== null) committed.add(nameOf(change.event))
  }

  const engine = breaking({ ...driver, commit }, state, world)
  return {
    state,
    engine,
    /** The names of the events that were committed. */
    committed: committed as ReadonlySet<string>,
    today: () => new Date(noon.getTime() + now()),

    newNumber: () => ++numbers,

    /** The store as a process has it; what is broken about it may be interrupted in the middle. */
    storeOf: (process: SimulatedProcess, breakingStore = (driver: StoreDriver) => driver): Store =>
      createStore(breakingStore(throughProcess(engine, process)), undefined, {
        sleep: process.sleep,
        random: dice.fraction,
      }),
  }
}

/** Such as `post 3 v2`. */
export const nameOf = ({
  type,
  subject,
  version,
}: Pick<DomainEvent | OutboxRecord, 'type' | 'subject' | 'version'>): string =>
  `${type.split('.')[0]} ${Number(subject.slice(-5))} v${version}`

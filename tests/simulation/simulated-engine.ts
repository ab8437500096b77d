import type { DomainEvent } from '../../src/domains/events/domain-event.ts'
import type { OutboxRecord, StoreDriver } from '../../src/infrastructures/store/driver.ts'
import type { MemoryState } from '../../src/infrastructures/store/memory/memory-state.ts'
import { noon } from '../kit/noon.ts'
import { type SimulatedProcess, throughProcess } from '../kit/simulated-process.ts'
import type { World } from '../kit/simulated-world.ts'

/** Breaks a rule of the database, for a simulation that has to notice. */
export type BreakDriver = (driver: StoreDriver, state: MemoryState, world: World) => StoreDriver

/** What a store waits by after a conflict. */
type Backoff = Readonly<{ sleep: SimulatedProcess['sleep']; random: () => number }>

type Needs<State, Store> = Readonly<{
  state: State
  driver: StoreDriver
  breaking?: BreakDriver | undefined
  createStore: (driver: StoreDriver, backoff: Backoff) => Store
}>

/** One database in memory, on the time of a world, and the stores that processes have over it. */
export function openEngine<State extends MemoryState, Store>(world: World, needs: Needs<State, Store>) {
  const { state, driver, breaking = (unbroken) => unbroken, createStore } = needs
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
    today: () => new Date(noon.getTime() + world.now()),

    newNumber: () => ++numbers,

    /** The store as a process has it; what is broken about it may be interrupted in the middle. */
    storeOf: (process: SimulatedProcess, breakingStore = (unbroken: StoreDriver) => unbroken): Store =>
      createStore(breakingStore(throughProcess(engine, process)), {
        sleep: process.sleep,
        random: world.dice.fraction,
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

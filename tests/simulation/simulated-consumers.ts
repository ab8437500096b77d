import { DomainError } from '../../src/domains/errors/domain-error.ts'
import type { IncomingMessage } from '../../src/domains/ports/inbox.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { lendReviewed, type News } from '../kit/lending.ts'
import { type Faults, keepRunning, type SimulatedProcess } from '../kit/simulated-process.ts'
import type { World } from '../kit/simulated-world.ts'
import { loanId, type SimulatedLibrary } from './simulated-library.ts'

const TIMEOUT_MS = 200

export type Incoming = Readonly<{
  message: Omit<IncomingMessage, 'consumer'>
  review: News['review']
}>

type Needs = Readonly<{
  world: World
  library: SimulatedLibrary
  faults: () => Faults
  breaking: Breaking
}>

type Breaking = (driver: StoreDriver) => StoreDriver

/** How a process makes a review take effect. */
function lendingIn(
  process: SimulatedProcess,
  library: SimulatedLibrary,
  breaking: Breaking,
  onNew: (id: string) => void,
) {
  function newId(): string {
    const id = loanId(library.newNumber())
    onNew(id)
    return id
  }

  return lendReviewed({ store: library.storeOf(process, breaking), now: library.today, newId })
}

/** Two processes that lend under one name. `given` are the ids of the loans that they made, kept or not. */
export function openConsumer({ world, library, faults, breaking }: Needs, name: string) {
  const { dice, sleep, must, note } = world
  const given = new Set<string>()

  const instances = ['A', 'B'].map((letter) =>
    keepRunning(`${name} ${letter}`, world, faults, (process) =>
      lendingIn(process, library, breaking, (id) => given.add(id)),
    ),
  )

  /** The answer of the service, or null if it was lost. */
  async function attempt({ message, review }: Incoming): Promise<boolean | null> {
    const { work } = dice.pick(instances)()
    const processed = work({ message: { ...message, consumer: name }, review }).catch((error) => {
      must(error instanceof DomainError, () => String(error))
      return null
    })
    return Promise.race([processed, sleep(TIMEOUT_MS).then(() => null)])
  }

  return {
    name,
    given: given as ReadonlySet<string>,

    /** Delivers a message to either of them until one has acknowledged it, and the queue has received that. */
    async deliver(incoming: Incoming, onAcknowledged: (isNew: boolean) => void = () => {}): Promise<void> {
      for (;;) {
        const isNew = await attempt(incoming)
        if (isNew !== null) {
          note(() => `${name} acknowledges ${incoming.message.id} as ${isNew ? 'new' : 'handled before'}`)
          onAcknowledged(isNew)
          if (!dice.chance(faults().failure)) return
        }
        await sleep(dice.below(50))
      }
    },
  }
}

import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { DomainError } from '../../src/domains/errors/domain-error.ts'
import type { Delivery, Message, MessageQueue } from '../../src/domains/ports/message-queue.ts'
import type { Faults } from '../kit/simulated-process.ts'
import type { World } from '../kit/simulated-world.ts'

const TIMEOUT_MS = 200

type Handle = (delivery: Delivery) => Promise<void>

/**
 * A queue that does no more than it must: it keeps some of what it refuses, keeps others twice, and delivers again what
 * had been done; but keys in order. A consumer at the same place continues where the one before it stopped.
 */
export function openQueue({ dice, sleep, must, note }: World, faults: () => Faults) {
  const handlers = new Map<string, Handle>()
  const queues = new Map<string, Promise<void>>()

  function put(message: Message): void {
    const before = queues.get(message.key) ?? Promise.resolve()
    queues.set(
      message.key,
      before.then(() => deliver(message)),
    )
  }

  async function deliver({ topic, key, body }: Message): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await sleep(dice.below(20))
      note(() => `deliver ${topic} of ${key.slice(-5)}`)
      const handle = dice.pick([...handlers.values()])
      const handled = handle({ body: Buffer.from(body), attempt }).then(
        () => true,
        (error) => must(error instanceof DomainError, () => String(error)),
      )
      const isDone = await Promise.race([handled, sleep(TIMEOUT_MS)])
      if (isDone === true && !dice.chance(faults().failure)) return
    }
  }

  async function publish(messages: readonly Message[]): Promise<void> {
    for (const message of messages) {
      await sleep(dice.below(2))
      if (dice.chance(faults().failure)) throw new DependencyUnavailable('simulated queue')
      put(message)
      if (dice.chance(faults().failure)) put(message)
    }
  }

  return {
    publish,

    at: (place: string): MessageQueue => ({
      publish,
      async consume(_, handle) {
        handlers.set(place, handle)
        return { stop: async () => void handlers.delete(place) }
      },
      deadLetters: async () => ({}),
      ping: async () => {},
      close: async () => {},
    }),

    /** Waits until all that was published is done. */
    async finish(): Promise<void> {
      await Promise.all(queues.values())
    },
  }
}

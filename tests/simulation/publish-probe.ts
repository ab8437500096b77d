import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import type { OutboxRecord } from '../../src/infrastructures/store/driver.ts'
import type { Faults } from '../kit/simulated-process.ts'
import type { World } from '../kit/simulated-world.ts'
import { nameOf } from './simulated-engine.ts'
import type { SimulatedForum } from './simulated-forum.ts'

/** A queue as seen from behind: it notes what comes, and that it comes as promised. */
export function createPublishProbe(
  { dice, sleep, must, note }: World,
  { committed, state, today }: SimulatedForum,
  faults: () => Faults,
) {
  const copies = new Map<string, number>()
  const latest = new Map<string, number>()
  let slowestMs = 0

  function keep(event: OutboxRecord): void {
    const name = nameOf(event)
    note(() => `published: ${name}`)
    must(committed.has(name), () => `Published, but not committed: ${name}.`)
    if (!copies.has(name)) {
      must(event.version === (latest.get(event.subject) ?? 0) + 1, () => `Published out of order: ${name}.`)
      latest.set(event.subject, event.version)
      slowestMs = Math.max(slowestMs, today().getTime() - event.time.getTime())
    }
    copies.set(name, (copies.get(name) ?? 0) + 1)
  }

  return {
    copies: copies as ReadonlyMap<string, number>,

    /** How long after its change the slowest event came for the first time. */
    slowestMs: () => slowestMs,

    /** It may fail in the middle. */
    async publish(events: readonly OutboxRecord[]): Promise<void> {
      for (const event of events) {
        if (dice.chance(faults().failure)) throw new DependencyUnavailable('simulated queue')
        await sleep(dice.below(2))
        keep(event)
      }
    },

    /** Nothing is marked as published that never came here. */
    check(): void {
      for (const { event } of state.published.values()) {
        must(copies.has(nameOf(event)), () => `Marked, but not published: ${nameOf(event)}.`)
      }
    },
  }
}

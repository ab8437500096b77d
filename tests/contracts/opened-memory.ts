import type { Aggregates } from '../../src/infrastructures/store/aggregate.ts'
import { memoryDriver } from '../../src/infrastructures/store/memory/memory-driver.ts'
import { emptyState } from '../../src/infrastructures/store/memory/memory-state.ts'
import type { OpenStore } from './opened.ts'

/** Opens a store in memory, whose clock can be put forward. */
export const openingMemory =
  (aggregates: Aggregates): OpenStore =>
  async () => {
    const state = emptyState(aggregates)
    let ahead = 0
    const driver = memoryDriver(aggregates, state, () => Date.now() + ahead)

    return {
      driver,
      outbox: async () =>
        state.outbox.map(({ id: _, traceparent: __, ...event }) => ({ ...event, data: JSON.parse(event.data) })),
      async age(milliseconds) {
        ahead += milliseconds
      },
      close: () => driver.close(),
    }
  }

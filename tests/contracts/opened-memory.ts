import { emptyState, memoryDriver } from '../kit/forum-store.ts'
import type { Opened } from './opened.ts'

/** A store in memory, whose clock can be put forward. */
export async function openedMemory(): Promise<Opened> {
  const state = emptyState()
  let ahead = 0
  const driver = memoryDriver(state, () => Date.now() + ahead)

  return {
    driver,
    outbox: async () => state.outbox.map((event) => ({ ...event, data: JSON.parse(event.data) })),
    async age(milliseconds) {
      ahead += milliseconds
    },
    close: () => driver.close(),
  }
}

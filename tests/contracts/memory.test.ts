import { memoryDriver } from '../../src/infrastructures/store/memory/memory-driver.ts'
import { emptyState } from '../../src/infrastructures/store/memory/memory-state.ts'
import { skipWithout } from '../kit/engines.ts'
import { describeStore } from './store.contract.ts'

async function open() {
  const state = emptyState()
  const driver = memoryDriver(state)
  return { driver, outbox: async () => state.outbox, close: () => driver.close() }
}

describeStore('the memory store', open, { isShared: false, isDurable: false, skip: skipWithout('memory') })

import { skipWithout } from '../kit/engines.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { openingMemory } from './opened-memory.ts'
import { describeStore } from './store.contract.ts'

describeStore('the memory store', openingMemory(LIBRARY.aggregates), {
  isShared: false,
  isDurable: false,
  skip: skipWithout('memory'),
})

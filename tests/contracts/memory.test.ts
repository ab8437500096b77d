import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { skipWithout } from '../kit/engines.ts'
import { openingMemory } from './opened-memory.ts'
import { describeStore } from './store.contract.ts'

describeStore('the memory store', openingMemory(FORUM.aggregates), {
  isShared: false,
  isDurable: false,
  skip: skipWithout('memory'),
})

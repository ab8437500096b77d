import { skipWithout } from '../kit/engines.ts'
import { openedMemory } from './opened-memory.ts'
import { describeStore } from './store.contract.ts'

describeStore('the memory store', openedMemory, { isShared: false, isDurable: false, skip: skipWithout('memory') })

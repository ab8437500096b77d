import { skipWithout } from '../kit/engines.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { openingMongodb } from './opened-mongodb.ts'
import { describeStore } from './store.contract.ts'

describeStore('the MongoDB store', openingMongodb(LIBRARY.aggregates), {
  isShared: true,
  isDurable: true,
  skip: skipWithout('mongodb'),
})

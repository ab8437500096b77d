import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { skipWithout } from '../kit/engines.ts'
import { openingSqlite } from './opened-sqlite.ts'
import { describeStore } from './store.contract.ts'

describeStore('the SQLite store', openingSqlite(FORUM.aggregates), {
  isShared: true,
  isDurable: true,
  skip: skipWithout('sqlite'),
})

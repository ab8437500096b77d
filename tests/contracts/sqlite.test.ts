import { skipWithout } from '../kit/engines.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { openingSqlite } from './opened-sqlite.ts'
import { describeStore } from './store.contract.ts'

describeStore('the SQLite store', openingSqlite(LIBRARY.aggregates), {
  isShared: true,
  isDurable: true,
  skip: skipWithout('sqlite'),
})

import { skipWithout } from '../kit/engines.ts'
import { openedSqlite } from './opened-sqlite.ts'
import { describeStore } from './store.contract.ts'

describeStore('the SQLite store', openedSqlite, { isShared: true, isDurable: true, skip: skipWithout('sqlite') })

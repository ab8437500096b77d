import { skipWithout } from '../kit/engines.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { openingPglite } from './opened-pglite.ts'
import { describeStore } from './store.contract.ts'

const features = { isShared: false, isDurable: false, skip: skipWithout('pglite') }

describeStore('the PostgreSQL store on PGlite', openingPglite(LIBRARY.aggregates), features)

import { skipWithout } from '../kit/engines.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { oddDatabase } from '../kit/odd-role.ts'
import { openingPostgres } from './opened-postgres.ts'
import { describeStore } from './store.contract.ts'

const features = { isShared: true, isDurable: true, skip: skipWithout('postgres') }

describeStore('the PostgreSQL store', openingPostgres(LIBRARY.aggregates), features)
describeStore(
  'the PostgreSQL store of a role with odd defaults',
  openingPostgres(LIBRARY.aggregates, oddDatabase),
  features,
)

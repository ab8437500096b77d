import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { skipWithout } from '../kit/engines.ts'
import { oddDatabase } from '../kit/odd-role.ts'
import { openingPostgres } from './opened-postgres.ts'
import { describeStore } from './store.contract.ts'

const features = { isShared: true, isDurable: true, skip: skipWithout('postgres') }

describeStore('the PostgreSQL store', openingPostgres(FORUM.aggregates), features)
describeStore(
  'the PostgreSQL store of a role with odd defaults',
  openingPostgres(FORUM.aggregates, oddDatabase),
  features,
)

import { describe } from 'node:test'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { aComment, aNotification, aPost, aUser, noon } from '../fixtures.ts'
import { skipWithout } from '../kit/engines.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { aBook, aLoan, aMember, aReview } from '../kit/library/samples.ts'
import { describeAggregates } from './aggregates.contract.ts'
import { openingMemory } from './opened-memory.ts'
import { openingPglite } from './opened-pglite.ts'
import { openingPostgres } from './opened-postgres.ts'
import { openingSqlite } from './opened-sqlite.ts'

const ENGINES = {
  memory: { open: openingMemory, skip: skipWithout('memory') },
  SQLite: { open: openingSqlite, skip: skipWithout('sqlite') },
  PGlite: { open: openingPglite, skip: skipWithout('pglite') },
  PostgreSQL: { open: openingPostgres, skip: skipWithout('postgres') },
}

describe('what the forum keeps', () => {
  const samples = {
    users: aUser({ removedAt: noon }),
    posts: aPost(),
    comments: aComment(),
    notifications: aNotification({ readAt: noon }),
  }
  describeAggregates(FORUM.aggregates, samples, ENGINES)
})

describe('what the library of the tests keeps', () => {
  const samples = {
    members: aMember({ removedAt: noon }),
    books: aBook({ subtitle: 'Or not.', isIllustrated: true, boughtAt: noon }),
    reviews: aReview(),
    loans: aLoan({ note: 'Handle with care.', returnedAt: noon }),
  }
  describeAggregates(LIBRARY.aggregates, samples, ENGINES)
})

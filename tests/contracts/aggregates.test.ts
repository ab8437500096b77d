import { describe } from 'node:test'
import { LIBRARY } from '../kit/library/library.ts'
import { aBook, aLoan, aMember, aReview } from '../kit/library/samples.ts'
import { noon } from '../kit/noon.ts'
import { describeAggregates } from './aggregates.contract.ts'

describe('what the library of the tests keeps', () => {
  describeAggregates(LIBRARY.aggregates, {
    members: aMember({ removedAt: noon }),
    books: aBook({ subtitle: 'Or not.', isIllustrated: true, boughtAt: noon }),
    reviews: aReview(),
    loans: aLoan({ note: 'Handle with care.', returnedAt: noon }),
  })
})

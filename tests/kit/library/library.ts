import type { StoreOf } from '../../../src/infrastructures/store/create-store.ts'
import type { UnitOfWorkOf } from '../../../src/infrastructures/store/unit-of-work.ts'
import { books } from './book.ts'
import { loans } from './loan.ts'
import { loanFeed } from './loan-feed.ts'
import { members } from './member.ts'
import { reviews } from './review.ts'

/** A small domain on which stores and caches are tested, whatever the service itself keeps. */
export const LIBRARY = {
  aggregates: { members, books, reviews, loans },
  views: { loanFeed },
}

export type Library = StoreOf<typeof LIBRARY>
export type UnitOfWork = UnitOfWorkOf<(typeof LIBRARY)['aggregates']>

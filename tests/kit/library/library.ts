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

import { assertVersion, type ExpectedVersions, notBefore } from '../../../src/domains/entities/version.ts'
import { eventsOf } from '../../../src/domains/events/domain-event.ts'
import { aggregate, text, uuid } from '../../../src/infrastructures/store/aggregate.ts'
import { type Book, books } from './book.ts'
import { BookNotFound, MemberInactive, ReviewNotFound } from './errors.ts'
import { type Member, type MemberId, members } from './member.ts'

/** What a member says of a book, which others may own. */
export type Review = Readonly<{
  id: string
  bookId: string
  ownerId: MemberId
  text: string
  version: number
  createdAt: Date
  updatedAt: Date
}>

export const Review = {
  rewrite: (review: Review, text: string, expected: ExpectedVersions, at: Date): Review => ({
    ...Review.remove(review, expected, at),
    text,
  }),

  /** The last version: the one in its removal event. */
  remove(review: Review, expected: ExpectedVersions, at: Date): Review {
    assertVersion(review, expected)
    return { ...review, version: review.version + 1, updatedAt: notBefore(review.updatedAt, at) }
  },
}

export const ReviewEvents = eventsOf<Review>()(
  '1.0',
  ['id', 'bookId', 'ownerId', 'text', 'version', 'createdAt', 'updatedAt'],
  { written: 'review.written', rewritten: 'review.rewritten', removed: 'review.removed' },
)

export const reviews = aggregate<Review, Member, Book>({
  type: 'review',
  table: 'reviews',
  columns: { bookId: uuid, ownerId: uuid, text },
  owner: {
    field: 'ownerId',
    to: members,
    requires: { isActive: true },
    otherwise: MemberInactive,
    onDelete: 'cascade',
  },
  parent: { field: 'bookId', to: books, otherwise: BookNotFound, onDelete: 'cascade' },
  notFound: ReviewNotFound,
  lists: { orders: ['createdAt', 'updatedAt'], filters: ['ownerId', 'bookId'] },
  removed: ReviewEvents.removed,
  isCached: true,
})

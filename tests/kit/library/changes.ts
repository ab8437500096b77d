import type { RecordedChange } from '../../../src/infrastructures/store/operation.ts'
import { type Book, BookEvents, books } from './book.ts'
import { type Loan, loans } from './loan.ts'
import { type Member, MemberEvents, members } from './member.ts'
import { type Review, ReviewEvents, reviews } from './review.ts'

type Verb = RecordedChange['kind']

const member =
  (kind: Verb, type: keyof typeof MemberEvents) =>
  (state: Member): RecordedChange => ({
    kind,
    of: members,
    state,
    event: MemberEvents[type].of(state),
    traceparent: null,
  })

const book =
  (kind: Verb, type: keyof typeof BookEvents) =>
  (state: Book): RecordedChange => ({ kind, of: books, state, event: BookEvents[type].of(state), traceparent: null })

const review =
  (kind: Verb, type: keyof typeof ReviewEvents) =>
  (state: Review): RecordedChange => ({
    kind,
    of: reviews,
    state,
    event: ReviewEvents[type].of(state),
    traceparent: null,
  })

const loan =
  (kind: Verb) =>
  (state: Loan): RecordedChange => ({ kind, of: loans, state, event: null, traceparent: null })

/** Changes with their events, as a unit of work would hand them to a driver. */
export const adding = {
  member: member('add', 'registered'),
  book: book('add', 'written'),
  review: review('add', 'written'),
  loan: loan('add'),
}

export const saving = {
  member: member('save', 'changed'),
  book: book('save', 'rewritten'),
  review: review('save', 'rewritten'),
  loan: loan('save'),
}

export const removing = {
  member: member('remove', 'removed'),
  book: book('remove', 'removed'),
  review: review('remove', 'removed'),
}

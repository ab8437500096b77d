import type { ExpectedVersions } from '../../../src/domains/entities/version.ts'
import { Book, BookEvents } from './book.ts'
import type { UnitOfWork } from './library.ts'
import { Member, MemberEvents, type MemberId } from './member.ts'
import { Review, ReviewEvents } from './review.ts'

type Change = Readonly<{ id: string; expected?: ExpectedVersions; at: Date }>
type Rewriting = Change & Readonly<{ text: string }>

/** Who is known already, removed ones too, stays as is. */
export async function registerMember({ members, outbox }: UnitOfWork, member: Member): Promise<Member> {
  const known = await members.find(member.id)
  if (known !== null) return known

  await members.add(member)
  await outbox.add(MemberEvents.registered.of(member))
  return member
}

export async function changeMember(
  { members, outbox }: UnitOfWork,
  { id, change, at }: Readonly<{ id: MemberId; change: Partial<Member>; at: Date }>,
): Promise<Member> {
  const member = Member.change(await members.get(id), change, at)
  await members.save(member)
  await outbox.add(MemberEvents.changed.of(member))
  return member
}

export async function removeMember(
  { members, outbox }: UnitOfWork,
  { id, at }: Readonly<{ id: MemberId; at: Date }>,
): Promise<void> {
  const member = Member.remove(await members.get(id), at)
  await members.remove(member)
  await outbox.add(MemberEvents.removed.of(member))
}

export async function writeBook({ books, outbox }: UnitOfWork, book: Book): Promise<Book> {
  await books.add(book)
  await outbox.add(BookEvents.written.of(book))
  return book
}

export async function rewriteBook(
  { books, outbox }: UnitOfWork,
  { id, text, expected = null, at }: Rewriting,
): Promise<Book> {
  const book = Book.rewrite(await books.get(id), text, expected, at)
  await books.save(book)
  await outbox.add(BookEvents.rewritten.of(book))
  return book
}

export async function removeBook({ books, outbox }: UnitOfWork, { id, expected = null, at }: Change): Promise<void> {
  const book = Book.remove(await books.get(id), expected, at)
  await books.remove(book)
  await outbox.add(BookEvents.removed.of(book))
}

export async function writeReview({ reviews, outbox }: UnitOfWork, review: Review): Promise<Review> {
  await reviews.add(review)
  await outbox.add(ReviewEvents.written.of(review))
  return review
}

export async function rewriteReview(
  { reviews, outbox }: UnitOfWork,
  { id, text, expected = null, at }: Rewriting,
): Promise<Review> {
  const review = Review.rewrite(await reviews.get(id), text, expected, at)
  await reviews.save(review)
  await outbox.add(ReviewEvents.rewritten.of(review))
  return review
}

export async function removeReview(
  { reviews, outbox }: UnitOfWork,
  { id, expected = null, at }: Change,
): Promise<void> {
  const review = Review.remove(await reviews.get(id), expected, at)
  await reviews.remove(review)
  await outbox.add(ReviewEvents.removed.of(review))
}
/** The time of the first return stays. */
export async function returnLoan({ loans }: UnitOfWork, { id, at }: Readonly<{ id: string; at: Date }>): Promise<void> {
  const loan = await loans.get(id)
  await loans.save({ ...loan, returnedAt: loan.returnedAt ?? at })
}

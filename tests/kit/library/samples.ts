import { randomUUID } from 'node:crypto'
import { noon } from '../noon.ts'
import type { Book } from './book.ts'
import type { Loan } from './loan.ts'
import type { Member, MemberId } from './member.ts'
import type { Review } from './review.ts'

export const newId = (): string => randomUUID()
export const newMemberId = (): MemberId => randomUUID() as unknown as MemberId

type Timed = Readonly<{ createdAt?: Date }>
const firstVersion = ({ createdAt = noon }: Timed) => ({ version: 1, createdAt, updatedAt: createdAt })

export const aMember = (fields: Partial<Member> = {}): Member => ({
  id: newMemberId(),
  name: 'mia',
  fullName: 'Mia Member',
  email: 'mia@example.org',
  isActive: true,
  removedAt: null,
  ...firstVersion(fields),
  ...fields,
})

/** Each field that may be null is so in some tests, and not in others. */
export const aBook = (fields: Partial<Book> = {}): Book => ({
  id: newId(),
  ownerId: newMemberId(),
  text: 'Hello.',
  subtitle: null,
  genre: 'novel',
  isbn: '978-0',
  pages: 300,
  edition: 2,
  isRare: false,
  isIllustrated: null,
  shelfId: newId(),
  seriesId: newId(),
  printedAt: new Date('1999-12-31T23:59:59.999Z'),
  boughtAt: null,
  ...firstVersion(fields),
  ...fields,
})

export const aReview = (fields: Partial<Review> = {}): Review => ({
  id: newId(),
  bookId: newId(),
  ownerId: newMemberId(),
  text: 'Well said.',
  ...firstVersion(fields),
  ...fields,
})

export const aLoan = (fields: Partial<Loan> = {}): Loan => ({
  id: newId(),
  ownerId: newMemberId(),
  bookId: newId(),
  note: null,
  createdAt: noon,
  returnedAt: null,
  ...fields,
})

import { assertVersion, type ExpectedVersions, notBefore } from '../../../src/domains/entities/version.ts'
import { eventsOf } from '../../../src/domains/events/domain-event.ts'
import {
  aggregate,
  boolean,
  immutable,
  integer,
  nullable,
  text,
  time,
  uuid,
} from '../../../src/infrastructures/store/aggregate.ts'
import { BookNotFound, MemberInactive } from './errors.ts'
import { type Member, type MemberId, members } from './member.ts'

/** Something that a member owns, with a field of every type that a column may have, and one that never changes. */
export type Book = Readonly<{
  id: string
  ownerId: MemberId
  text: string
  subtitle: string | null
  genre: string
  isbn: string
  pages: number
  edition: number | null
  isRare: boolean
  isIllustrated: boolean | null
  shelfId: string
  seriesId: string | null
  printedAt: Date
  boughtAt: Date | null
  version: number
  createdAt: Date
  updatedAt: Date
}>

export const Book = {
  rewrite: (book: Book, text: string, expected: ExpectedVersions, at: Date): Book => ({
    ...Book.remove(book, expected, at),
    text,
  }),

  /** The last version: the one in its removal event. */
  remove(book: Book, expected: ExpectedVersions, at: Date): Book {
    assertVersion(book, expected)
    return { ...book, version: book.version + 1, updatedAt: notBefore(book.updatedAt, at) }
  },
}

export const BookEvents = eventsOf<Book>()(
  '1.3',
  [
    ...(['id', 'ownerId', 'text', 'subtitle', 'genre', 'isbn', 'pages', 'edition', 'isRare', 'isIllustrated'] as const),
    ...(['shelfId', 'seriesId', 'printedAt', 'boughtAt', 'version', 'createdAt', 'updatedAt'] as const),
  ],
  { written: 'book.written', rewritten: 'book.rewritten', removed: 'book.removed' },
)

export const books = aggregate<Book, Member>({
  type: 'book',
  table: 'books',
  columns: {
    ownerId: uuid,
    text,
    subtitle: nullable(text),
    genre: text,
    isbn: immutable(text),
    pages: integer,
    edition: nullable(integer),
    isRare: boolean,
    isIllustrated: nullable(boolean),
    shelfId: uuid,
    seriesId: nullable(uuid),
    printedAt: time,
    boughtAt: nullable(time),
  },
  owner: {
    field: 'ownerId',
    to: members,
    requires: { isActive: true },
    otherwise: MemberInactive,
    onDelete: 'cascade',
  },
  notFound: BookNotFound,
  lists: { orders: ['createdAt', 'updatedAt'], filters: ['ownerId', 'genre', 'isRare'] },
  removed: BookEvents.removed,
  isCached: true,
})

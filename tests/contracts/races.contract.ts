import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { adding } from '../kit/library/changes.ts'
import { BookNotFound, MemberInactive, ReviewNotFound } from '../kit/library/errors.ts'
import type { Library } from '../kit/library/library.ts'
import type { MemberId } from '../kit/library/member.ts'
import { aBook, aMember, aReview } from '../kit/library/samples.ts'
import { createStore } from '../kit/library/store.ts'
import { removeBook, removeMember, rewriteBook, writeBook, writeReview } from '../kit/library/usecases.ts'
import { minutesAfterNoon } from '../kit/noon.ts'
import { size } from '../kit/size.ts'
import type { Features } from './opened.ts'
import type { World } from './world.ts'

/** Connections that share an engine race in earnest; within one process there is little to hope for. */
const ROUNDS = { shared: size(100, 100, 40), alone: size(20, 20, 8) }
const later = minutesAfterNoon(1)

/** Two that run at once; the error of the first, if it fails, must be `harmless`. The second must succeed. */
type Race = Readonly<{
  writing: (store: Library) => Promise<unknown>
  removing: (store: Library) => Promise<unknown>
  harmless: abstract new (...args: never[]) => Error
}>

export function describeRaces(world: () => World, { isShared }: Pick<Features, 'isShared'>): void {
  const rounds = isShared ? ROUNDS.shared : ROUNDS.alone

  describe(`in ${rounds} races${isShared ? ' of two connections' : ''} no orphan is left`, () => {
    let sides: readonly [Library, Library]

    before(async () => {
      const { opened, store } = world()
      assert.equal(opened.second !== undefined, isShared)
      sides = [store, opened.second === undefined ? store : createStore(await opened.second())]
    })

    async function run(prepare: () => Promise<Race>): Promise<void> {
      for (let round = 0; round < rounds; round++) {
        const { writing, removing, harmless } = await prepare()
        const [here, there] = round % 2 === 0 ? sides : sides.toReversed()
        const wrote = writing(here as Library).catch((error) => {
          if (!(error instanceof harmless)) throw error
        })
        await Promise.all([wrote, removing(there as Library)])
      }
    }

    /** Asserts that the events of each of these are, in order, one of `stories`. */
    async function assertEvents(subjects: readonly string[], ...stories: readonly string[]): Promise<void> {
      const typesBySubject = new Map(subjects.map((subject) => [subject, [] as string[]]))
      for (const { subject, type } of await world().eventsOf(...subjects)) typesBySubject.get(subject)?.push(type)
      const others = [...typesBySubject.values()].map(String).filter((story) => !stories.includes(story))
      assert.deepEqual(others, [])
    }

    it('when books are removed while others review them', async () => {
      const { store, someone } = world()
      const [ownerId, author] = [await someone(), await someone()]
      const reviews: string[] = []

      await run(async () => {
        const book = aBook({ ownerId })
        const review = aReview({ bookId: book.id, ownerId: author })
        reviews.push(review.id)
        await store.transact((uow) => writeBook(uow, book))
        return {
          writing: (side) => side.transact((uow) => writeReview(uow, review)),
          removing: (side) => side.transact((uow) => removeBook(uow, { ...removal, id: book.id })),
          harmless: BookNotFound,
        }
      })

      assert.equal(await store.books.count({ ownerId }), 0)
      assert.equal(await store.reviews.count({ ownerId: author }), 0)
      await assertEvents(reviews, '', 'review.written,review.removed')
    })

    it('when books are removed while they are rewritten', async () => {
      const { store, someone } = world()
      const ownerId = await someone()
      const books: string[] = []

      await run(async () => {
        const book = aBook({ ownerId })
        books.push(book.id)
        await store.transact((uow) => writeBook(uow, book))
        return {
          writing: (side) => side.transact((uow) => rewriteBook(uow, { ...removal, ...book, at: later })),
          removing: (side) => side.transact((uow) => removeBook(uow, { ...removal, id: book.id })),
          harmless: BookNotFound,
        }
      })

      assert.equal(await store.books.count({ ownerId }), 0)
      await assertEvents(books, 'book.written,book.removed', 'book.written,book.rewritten,book.removed')
    })

    it('when members are removed while they write books', async () => {
      const { store, someone } = world()
      const books: string[] = []

      await run(async () => {
        const book = aBook({ ownerId: await someone() })
        books.push(book.id)
        return {
          writing: (side) => side.transact((uow) => writeBook(uow, book)),
          removing: (side) => side.transact((uow) => removeMember(uow, { id: book.ownerId, at: later })),
          harmless: MemberInactive,
        }
      })

      for (const id of books) await assert.rejects(store.books.get(id), BookNotFound)
      await assertEvents(books, '', 'book.written,book.removed')
    })

    it('when members are removed while they review the books of others', async () => {
      const { store, keep, someone } = world()
      const book = await keep.book()
      const reviews: string[] = []

      await run(async () => {
        const review = aReview({ bookId: book.id, ownerId: await someone() })
        reviews.push(review.id)
        return {
          writing: (side) => side.transact((uow) => writeReview(uow, review)),
          removing: (side) => side.transact((uow) => removeMember(uow, { id: review.ownerId, at: later })),
          harmless: MemberInactive,
        }
      })

      assert.equal(await store.reviews.count({ bookId: book.id }), 0)
      await assertEvents(reviews, '', 'review.written,review.removed')
    })

    it('when members are removed while others review their books', async () => {
      const { store, keep, someone } = world()
      const author = await someone()
      const reviews: string[] = []

      await run(async () => {
        const book = await keep.book()
        const review = aReview({ bookId: book.id, ownerId: author })
        reviews.push(review.id)
        return {
          writing: (side) => side.transact((uow) => writeReview(uow, review)),
          removing: (side) => side.transact((uow) => removeMember(uow, { id: book.ownerId, at: later })),
          harmless: BookNotFound,
        }
      })

      assert.equal(await store.reviews.count({ ownerId: author }), 0)
      await assertEvents(reviews, '', 'review.written,review.removed')
    })

    it('when members who wrote on each other’s books are removed at once', async () => {
      const { driver, store } = world()
      const reviews: string[] = []

      await run(async () => {
        const [one, other] = [aMember(), aMember()]
        const books = [one, other].map(({ id: ownerId }) => aBook({ ownerId }))
        const crossed = books.flatMap(({ id: bookId }) =>
          [one, other].map(({ id: ownerId }) => aReview({ bookId, ownerId })),
        )
        reviews.push(...crossed.map(({ id }) => id))
        await driver.commit([
          ...[one, other].map(adding.member),
          ...books.map(adding.book),
          ...crossed.map(adding.review),
        ])
        const removing = (id: MemberId) => (side: Library) =>
          side.transact((uow) => removeMember(uow, { id, at: later }))
        return { writing: removing(one.id), removing: removing(other.id), harmless: NoError }
      })

      for (const id of reviews) await assert.rejects(store.reviews.get(id), ReviewNotFound)
      await assertEvents(reviews, 'review.written,review.removed')
    })
  })
}

const removal = { at: later }

abstract class NoError extends Error {}

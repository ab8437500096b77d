import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Conflict } from '../../src/domains/errors/change-errors.ts'
import { adding, removing, saving } from '../kit/library/changes.ts'
import { BookNotFound, ReviewNotFound } from '../kit/library/errors.ts'
import { aBook, aReview, newId } from '../kit/library/samples.ts'
import { eventOf } from '../kit/library/store.ts'
import { rewriteBook, writeBook, writeReview } from '../kit/library/usecases.ts'
import { minutesAfterNoon } from '../kit/noon.ts'
import { inFixedOrder, type World } from './world.ts'

const later = minutesAfterNoon(1)

export function describeAtomicity(world: () => World): void {
  describe('a unit of work, as a whole,', () => {
    it('is committed with its events when the work returns', async () => {
      const { store, someone, eventsOf } = world()
      const book = aBook({ ownerId: await someone() })
      const review = aReview({ bookId: book.id, ownerId: await someone() })

      const result = await store.transact(async (uow) => {
        await writeBook(uow, book)
        await writeReview(uow, review)
        return 'done'
      })

      const events = [eventOf('book.written', book), eventOf('review.written', review)]
      assert.equal(result, 'done')
      assert.deepEqual(await store.books.get(book.id), book)
      assert.deepEqual(await store.reviews.get(review.id), review)
      assert.deepEqual(await eventsOf(book.id, review.id), inFixedOrder(events, [book.id, review.id]))
    })

    it('is gone when the work throws, and what it threw comes out as it is', async () => {
      const { store, keep, eventsOf } = world()
      const kept = await keep.book()
      const added = aBook({ ownerId: kept.ownerId })
      const change = { id: kept.id, text: added.text, at: later }
      const failure = new Error('no more')

      const attempt = store.transact(async (uow) => {
        await writeBook(uow, added)
        await rewriteBook(uow, change)
        throw failure
      })

      await assert.rejects(attempt, (error) => error === failure)
      await assert.rejects(store.books.get(added.id), BookNotFound)
      assert.deepEqual(await store.books.get(kept.id), kept)
      assert.deepEqual(await eventsOf(added.id), [])
      assert.equal((await eventsOf(kept.id)).length, 1)
    })

    it('may change nothing at all', async () => {
      const { store, keep } = world()
      const book = await keep.book()

      assert.deepEqual(await store.transact(({ books }) => books.get(book.id)), book)
    })

    it('may change the same thing several times, with an event for each change', async () => {
      const { store, someone, eventsOf } = world()
      const book = aBook({ ownerId: await someone() })
      const change = { id: book.id, at: later }

      await store.transact(async (uow) => {
        await writeBook(uow, book)
        await rewriteBook(uow, { ...change, text: 'Two.' })
        await rewriteBook(uow, { ...change, text: 'Three.' })
      })

      assert.deepEqual(await store.books.get(book.id), { ...book, text: 'Three.', version: 3, updatedAt: later })
      assert.deepEqual(
        (await eventsOf(book.id)).map(({ data }) => (data as { text: string }).text),
        ['Hello.', 'Two.', 'Three.'],
      )
    })
  })

  describe('changes that are kept together', () => {
    for (const [position, place] of Object.entries({ first: 0, 'in the middle': 1, last: 2 })) {
      it(`are all lost when the one that comes ${position} is refused`, async () => {
        const { driver, store, keep, eventsOf } = world()
        const kept = await keep.review()
        const added = aBook({ ownerId: kept.ownerId })
        const orphan = aReview({ ownerId: kept.ownerId, bookId: newId() })
        const changes = [adding.book(added), saving.review({ ...kept, version: 2, updatedAt: later })]

        const attempt = driver.commit(changes.toSpliced(place, 0, adding.review(orphan)))

        await assert.rejects(attempt, BookNotFound)
        await assert.rejects(store.books.get(added.id), BookNotFound)
        await assert.rejects(store.reviews.get(orphan.id), ReviewNotFound)
        assert.deepEqual(await store.reviews.get(kept.id), kept)
        assert.equal((await eventsOf(added.id, orphan.id, kept.id)).length, 1)
      })
    }

    it('are all lost with a set of removed things when a later one is refused', async () => {
      const { driver, store, keep, eventsOf } = world()
      const review = await keep.review()
      const book = await store.books.get(review.bookId)

      const attempt = driver.commit([
        removing.book({ ...book, version: 2, updatedAt: later }),
        saving.book({ ...book, version: 7, updatedAt: later }),
      ])

      await assert.rejects(attempt, Conflict)
      assert.deepEqual(await store.reviews.get(review.id), review)
      assert.equal((await eventsOf(review.id)).length, 1)
    })

    it('leave the store usable when they are refused, again and again', async () => {
      const { driver, store, keep } = world()
      const book = await keep.book()
      const refused = [adding.book(aBook({ ownerId: book.ownerId })), adding.book(book)]

      for (let round = 0; round < 30; round++) await assert.rejects(driver.commit(refused), Conflict)

      assert.deepEqual(await store.books.get(book.id), book)
      assert.equal((await keep.book()).version, 1)
    })
  })

  describe('a change and its event', () => {
    it('are committed together: a change without an event is refused', async () => {
      const { store, keep, eventsOf } = world()
      const { id, ...book } = await keep.book()
      const next = { ...book, version: 2, updatedAt: later }
      const added = aBook({ ownerId: book.ownerId })

      await assert.rejects(store.transact(({ books }) => books.add(added)))
      await assert.rejects(store.transact(({ books }) => books.save({ id, ...next })))
      await assert.rejects(store.transact(({ books }) => books.remove({ id, ...next })))

      await assert.rejects(store.books.get(added.id), BookNotFound)
      assert.deepEqual(await store.books.get(id), { id, ...book })
      assert.equal((await eventsOf(id, added.id)).length, 1)
    })

    it('are committed together: an event of something that was not changed is refused', async () => {
      const { store, keep, eventsOf } = world()
      const book = await keep.book()
      const next = { ...book, version: 2, updatedAt: later }

      await assert.rejects(store.transact(({ outbox }) => outbox.add(eventOf('book.rewritten', next))))

      assert.equal((await eventsOf(book.id)).length, 1)
    })

    it('belong to the same version', async () => {
      const { store, keep, eventsOf } = world()
      const book = await keep.book()

      const attempt = store.transact(async ({ books, outbox }) => {
        await books.save({ ...book, version: 2, updatedAt: later })
        await outbox.add(eventOf('book.rewritten', book))
      })

      await assert.rejects(attempt)
      assert.deepEqual(await store.books.get(book.id), book)
      assert.equal((await eventsOf(book.id)).length, 1)
    })

    it('are one each: a second event is refused', async () => {
      const { store, keep, eventsOf } = world()
      const book = await keep.book()
      const next = { ...book, version: 2, updatedAt: later }

      const attempt = store.transact(async ({ books, outbox }) => {
        await books.save(next)
        await outbox.add(eventOf('book.rewritten', next))
        await outbox.add(eventOf('book.rewritten', next))
      })

      await assert.rejects(attempt)
      assert.deepEqual(await store.books.get(book.id), book)
      assert.equal((await eventsOf(book.id)).length, 1)
    })
  })
}

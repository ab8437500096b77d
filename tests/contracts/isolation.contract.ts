import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Book } from '../kit/library/book.ts'
import { BookNotFound, ReviewNotFound } from '../kit/library/errors.ts'
import type { UnitOfWork } from '../kit/library/library.ts'
import type { Review } from '../kit/library/review.ts'
import { aBook, aMember, aReview } from '../kit/library/samples.ts'
import {
  changeMember,
  registerMember,
  removeBook,
  removeMember,
  removeReview,
  rewriteBook,
  writeBook,
} from '../kit/library/usecases.ts'
import { minutesAfterNoon } from '../kit/noon.ts'
import { OLDEST_FIRST } from '../kit/sorts.ts'
import type { World } from './world.ts'

const later = minutesAfterNoon(1)
const [{ text }, NOTHING] = [aBook({ text: 'Second thoughts.' }), new Error('nothing is to be kept')]
const change = { text, at: later }

function isNothing(error: unknown): true {
  if (error !== NOTHING) throw error
  return true
}

export function describeIsolation(world: () => World): void {
  describe('what a unit of work has not finished', () => {
    it('is not seen by readers', async () => {
      const { store, keep } = world()
      const { id, ownerId, ...book } = await keep.book()
      const added = aBook({ ownerId })
      const listing = { filter: { ownerId }, sort: OLDEST_FIRST, after: null, limit: 9 } as const

      await store.transact(async (uow) => {
        await writeBook(uow, added)
        await rewriteBook(uow, { ...change, id })

        await assert.rejects(store.books.get(added.id), BookNotFound)
        assert.deepEqual(await store.books.list(listing), [{ id, ownerId, ...book }])
        assert.equal(await store.books.count({ ownerId }), 1)
      })

      assert.equal(await store.books.count({ ownerId }), 2)
    })

    it('is not seen by other units', async () => {
      const { store, keep } = world()
      const book = await keep.book()
      const added = aBook({ ownerId: book.ownerId })

      await store.transact(async (uow) => {
        await writeBook(uow, added)
        await removeBook(uow, { ...change, id: book.id })

        await store.transact(async ({ books }) => {
          await assert.rejects(books.get(added.id), BookNotFound)
          assert.deepEqual(await books.get(book.id), book)
        })
      })

      await assert.rejects(store.books.get(book.id), BookNotFound)
    })
  })

  describe('a unit of work sees', () => {
    /** Runs the work, and keeps nothing of it. */
    async function looking(work: (uow: UnitOfWork) => Promise<void>): Promise<void> {
      const attempt = world().store.transact(async (uow) => {
        await work(uow)
        throw NOTHING
      })
      await assert.rejects(attempt, isNothing)
    }

    it('what it added', async () => {
      const { someone } = world()
      const [book, member] = [aBook({ ownerId: await someone() }), aMember()]
      const review = aReview({ bookId: book.id, ownerId: member.id })

      await looking(async ({ books, reviews, members }) => {
        await members.add(member)
        await books.add(book)
        await reviews.add(review)

        assert.deepEqual(await members.find(member.id), member)
        assert.deepEqual(await books.get(book.id), book)
        assert.deepEqual(await reviews.get(review.id), review)
      })
    })

    it('the new version of what it saved', async () => {
      const { keep } = world()
      const member = await keep.member()
      const book = await keep.book({ ownerId: member.id })

      await looking(async (uow) => {
        const rewritten = await rewriteBook(uow, { ...change, id: book.id })
        const changed = await changeMember(uow, { id: member.id, change: { fullName: 'New' }, at: later })

        assert.deepEqual(await uow.books.get(book.id), rewritten)
        assert.deepEqual(await uow.members.find(member.id), changed)
      })
    })

    it('no more of what it removed', async () => {
      const { keep } = world()
      const review = await keep.review()

      await looking(async (uow) => {
        await removeReview(uow, { ...change, id: review.id })
        await assert.rejects(uow.reviews.get(review.id), ReviewNotFound)

        await removeBook(uow, { ...change, id: review.bookId })
        await assert.rejects(uow.books.get(review.bookId), BookNotFound)
      })
    })

    it('no more of what it removed after it had added it', async () => {
      const { someone } = world()
      const book = aBook({ ownerId: await someone() })

      await looking(async (uow) => {
        await writeBook(uow, book)
        await removeBook(uow, { ...change, id: book.id })

        await assert.rejects(uow.books.get(book.id), BookNotFound)
      })
    })

    it('itself registering a member once', async () => {
      const member = aMember()

      await looking(async (uow) => {
        await registerMember(uow, member)

        assert.deepEqual(await registerMember(uow, { ...member, name: 'late' }), member)
      })
    })
  })

  describe('a unit of work that removed a set sees', () => {
    async function twoBooks(): Promise<{ mine: Book; other: Book; onMine: Review; byMe: Review; neither: Review }> {
      const { keep } = world()
      const [mine, other] = [await keep.book(), await keep.book()]
      const onMine = await keep.review({ bookId: mine.id, ownerId: other.ownerId })
      const byMe = await keep.review({ bookId: other.id, ownerId: mine.ownerId })
      return { mine, other, onMine, byMe, neither: await keep.review({ bookId: other.id, ownerId: other.ownerId }) }
    }

    it('no reviews on the book any more, and all others', async () => {
      const { mine, onMine, byMe, neither } = await twoBooks()

      await world().store.transact(async (uow) => {
        const { reviews } = uow
        await removeBook(uow, { id: mine.id, at: later })

        await assert.rejects(reviews.get(onMine.id), ReviewNotFound)
        assert.deepEqual(await reviews.get(byMe.id), byMe)
        assert.deepEqual(await reviews.get(neither.id), neither)
      })
    })

    it('nothing of a removed member any more, and everything of others', async () => {
      const { mine, other, onMine, byMe, neither } = await twoBooks()

      await world().store.transact(async (uow) => {
        await removeMember(uow, { id: mine.ownerId, at: later })

        await assert.rejects(uow.books.get(mine.id), BookNotFound)
        await assert.rejects(uow.reviews.get(onMine.id), ReviewNotFound)
        await assert.rejects(uow.reviews.get(byMe.id), ReviewNotFound)
        assert.deepEqual(await uow.books.get(other.id), other)
        assert.deepEqual(await uow.reviews.get(neither.id), neither)
      })
    })

    it('no reviews any more on books that it has just added either', async () => {
      const { other } = await twoBooks()
      const book = aBook({ ownerId: await world().someone() })
      const review = aReview({ bookId: book.id, ownerId: other.ownerId })

      const attempt = world().store.transact(async (uow) => {
        const { books, reviews } = uow
        await books.add(book)
        await reviews.add(review)
        await removeMember(uow, { id: book.ownerId, at: later })
        await assert.rejects(reviews.get(review.id), ReviewNotFound)
        throw NOTHING
      })

      await assert.rejects(attempt, isNothing)
    })

    it('what it added afterwards', async () => {
      const { mine, other } = await twoBooks()
      const late = aReview({ bookId: mine.id, ownerId: other.ownerId })

      await assert.rejects(
        world().store.transact(async (uow) => {
          const { reviews } = uow
          await removeBook(uow, { id: mine.id, at: later })
          await reviews.add(late)
          assert.deepEqual(await reviews.get(late.id), late)
          throw NOTHING
        }),
        isNothing,
      )
    })
  })
}

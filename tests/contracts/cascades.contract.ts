import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Book } from '../kit/library/book.ts'
import { adding, removing, saving } from '../kit/library/changes.ts'
import { Review } from '../kit/library/review.ts'
import { aBook, aReview } from '../kit/library/samples.ts'
import { eventOf } from '../kit/library/store.ts'
import { removeBook, removeMember, rewriteBook } from '../kit/library/usecases.ts'
import { noon } from '../kit/noon.ts'
import { OLDEST_FIRST } from '../kit/sorts.ts'
import { inFixedOrder, type World } from './world.ts'

const later = new Date('2026-03-01T13:01:01.089Z')
const page = { sort: OLDEST_FIRST, after: null, limit: 5_000 } as const

const lastWord = {
  book: (book: Book) => eventOf('book.removed', Book.remove(book, null, later)),
  review: (review: Review) => eventOf('review.removed', Review.remove(review, null, later)),
}

/** Two members who each have a book that both have reviewed, twice; some of it rewritten. */
async function forum({ keep, driver }: World) {
  const [mine, other] = [await keep.book({ text: 'Mine: "quoted" \\ 🦉' }), await keep.book()]
  const [me, you] = [mine.ownerId, other.ownerId]
  const review = (bookId: Book['id'], ownerId: Book['ownerId']) => keep.review({ bookId, ownerId })
  const first = await review(mine.id, you)
  const rewritten = { ...first, text: 'Rewritten:\r\n\ttab', version: 2, updatedAt: later }
  await driver.commit([saving.review(rewritten)])

  return {
    ...{ me, mine, other },
    onMine: [rewritten, await review(mine.id, you), await review(mine.id, me), await review(mine.id, me)],
    byMeOnOther: [await review(other.id, me), await review(other.id, me)],
    byYouOnOther: [await review(other.id, you), await review(other.id, you)],
  }
}

const byId = <Thing extends { id: string }>(things: readonly Thing[]): readonly Thing[] =>
  things.toSorted((one, another) => (one.id < another.id ? -1 : 1))

export function describeCascades(world: () => World): void {
  describe('what belongs to something that is removed', () => {
    /** Asserts that of these reviews only `left` are still there, and that each of the others has one event of its removal. */
    async function assertGone(gone: readonly Review[], left: readonly Review[]): Promise<void> {
      const { store, eventsOf } = world()
      const books = new Set([...gone, ...left].map(({ bookId }) => bookId))
      const pages = [...books].map((bookId) => store.reviews.list({ filter: { bookId }, ...page }))
      const ids = [...gone, ...left].map(({ id }) => id)
      const removals = (await eventsOf(...ids)).filter(({ type }) => type === 'review.removed')

      assert.deepEqual(byId((await Promise.all(pages)).flat()), byId(left))
      assert.deepEqual(removals, inFixedOrder(gone.map(lastWord.review), ids))
    }

    it('goes with a book: all reviews on it by any writer, each with its event', async () => {
      const { store } = world()
      const { mine, onMine, byMeOnOther, byYouOnOther } = await forum(world())

      await store.transact((uow) => removeBook(uow, { id: mine.id, at: later }))

      await assertGone(onMine, [...byMeOnOther, ...byYouOnOther])
    })

    it('goes with a member: all their reviews, and all reviews on their books', async () => {
      const { store } = world()
      const { me, onMine, byMeOnOther, byYouOnOther } = await forum(world())

      await store.transact((uow) => removeMember(uow, { id: me, at: later }))

      await assertGone([...onMine, ...byMeOnOther], byYouOnOther)
    })

    it('goes with a member: all their books, each with its event', async () => {
      const { store, keep, eventsOf } = world()
      const first = await keep.book()
      const second = await keep.book({ ownerId: first.ownerId, text: 'Überschrift\n\n“Zitat”' })
      const other = await keep.book()

      await store.transact((uow) => removeMember(uow, { id: first.ownerId, at: later }))

      const removals = (await eventsOf(first.id, second.id, other.id)).filter(({ type }) => type === 'book.removed')
      assert.deepEqual(removals, inFixedOrder([first, second].map(lastWord.book), [first.id, second.id]))
      assert.deepEqual(await store.books.get(other.id), other)
      assert.equal(await store.books.count({ ownerId: first.ownerId }), 0)
    })

    it('goes as the same unit has just added or changed it', async () => {
      const { driver, keep, eventsOf, store } = world()
      const kept = await keep.review()
      const book = await store.books.get(kept.bookId)
      const changed = { ...kept, version: 2, updatedAt: later }
      const added = aReview({ bookId: kept.bookId, ownerId: kept.ownerId })

      await driver.commit([
        saving.review(changed),
        adding.review(added),
        removing.book({ ...book, version: 2, updatedAt: later }),
      ])

      const removals = (await eventsOf(kept.id, added.id)).filter(({ type }) => type === 'review.removed')
      assert.deepEqual(removals, inFixedOrder([changed, added].map(lastWord.review), [kept.id, added.id]))
      assert.equal(await store.reviews.count({ bookId: kept.bookId }), 0)
    })

    it('is never removed before its last version, when clocks differ', async () => {
      const { driver, keep, eventsOf } = world()
      const [createdAt, earlier] = [later, noon]
      const member = await keep.member()
      const book = await keep.book({ ownerId: member.id, createdAt })
      const review = await keep.review({ bookId: book.id, createdAt })

      await driver.commit([removing.member({ ...member, version: 2, updatedAt: earlier, removedAt: earlier })])

      const [, goneReview, , goneBook] = await eventsOf(review.id, book.id)
      assert.deepEqual(
        [goneReview, goneBook],
        [...inFixedOrder([lastWord.review(review)], [review.id]), ...inFixedOrder([lastWord.book(book)], [book.id])],
      )
    })

    it('goes in one go, a thousand as well', async () => {
      const { driver, store, keep, eventsOf } = world()
      const { id, ownerId } = await keep.book()
      const reviews = Array.from({ length: 1_000 }, () => aReview({ bookId: id, ownerId }))
      await driver.commit(reviews.map(adding.review))
      const start = performance.now()

      await store.transact((uow) => removeBook(uow, { id, at: later }))

      const elapsed = performance.now() - start
      const removals = (await eventsOf(...reviews.map((review) => review.id))).filter(({ version }) => version === 2)
      assert.equal(removals.length, 1_000)
      assert.ok(elapsed < 3_000, `took ${Math.round(elapsed)} ms`)
    })
  })

  describe('removing', () => {
    it('a book is one event, after those of all its reviews', async () => {
      const { store, eventsOf } = world()
      const { mine } = await forum(world())

      await store.transact((uow) => removeBook(uow, { id: mine.id, at: later }))

      const [, ...removal] = await eventsOf(mine.id)
      assert.deepEqual(removal, inFixedOrder([lastWord.book(mine)], [mine.id]))
      assert.equal(await store.reviews.count({ bookId: mine.id }), 0)
    })

    it('a member leaves a tombstone, and everything of others', async () => {
      const { store, eventsOf } = world()
      const { me, mine, other, byYouOnOther } = await forum(world())

      await store.transact((uow) => removeMember(uow, { id: me, at: later }))

      const filter = { ownerId: other.ownerId }
      assert.deepEqual((await store.members.find(me))?.removedAt, later)
      assert.deepEqual([await store.books.count({ ownerId: me }), await store.reviews.count({ ownerId: me })], [0, 0])
      assert.deepEqual(byId(await store.reviews.list({ filter, ...page })), byId(byYouOnOther))
      assert.deepEqual(await store.books.list({ filter, ...page }), [other])
      assert.deepEqual(
        (await eventsOf(me, mine.id)).map(({ type }) => type),
        [...['member.registered', 'member.removed', 'book.written', 'book.removed']],
      )
    })

    it('a book in the version to which the same unit brought it', async () => {
      const { store, keep, eventsOf } = world()
      const { id } = await keep.book()
      const change = { id, at: later }

      await store.transact(async (uow) => {
        await rewriteBook(uow, { ...change, text: aBook().text })
        await removeBook(uow, change)
      })

      assert.deepEqual(
        (await eventsOf(id)).map(({ type, version }) => `${type} ${version}`),
        [...['book.written 1', 'book.rewritten 2', 'book.removed 3']],
      )
    })
  })
}

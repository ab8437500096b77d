import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Filter } from '../../src/infrastructures/store/driver.ts'
import type { Book } from '../kit/library/book.ts'
import type { MemberId } from '../kit/library/member.ts'
import type { Review } from '../kit/library/review.ts'
import { newId, newMemberId } from '../kit/library/samples.ts'
import { noon } from '../kit/noon.ts'
import { nameOf, OLDEST_FIRST, SORTS } from '../kit/sorts.ts'
import type { World } from './world.ts'

const at = (milliseconds: number): Date => new Date(noon.getTime() + milliseconds)
const times = (created: number, updated = created) => ({ createdAt: at(created), updatedAt: at(updated) })
const all = { sort: OLDEST_FIRST, after: null, limit: 1_000 } as const

export function describeListing(world: () => World): void {
  describe('a list of books', () => {
    let [mine, yours] = [[], []] as [readonly Book[], readonly Book[]]
    let [me, you] = [newMemberId(), newMemberId()]

    before(async () => {
      const { keep, someone } = world()
      ;[me, you] = [await someone(), await someone()]
      const keepAll = (ownerId: MemberId) =>
        Promise.all(
          [times(0, 90), times(1, 80), times(2, 2), times(2, 2), times(3, 70)].map((time) =>
            keep.book({ ownerId, ...time }),
          ),
        )
      ;[mine, yours] = [await keepAll(me), await keepAll(you)]
    })

    const textsOf = (books: readonly Book[]) => books.map(({ id }) => id)

    for (const sort of SORTS) {
      it(`comes in the order of ${nameOf(sort)}, and of the id in the same direction where times are equal`, async () => {
        const books = await world().store.books.list({ ...all, filter: {}, sort })

        const key = sort.by
        const rising = [...mine, ...yours].sort(
          (one, other) => one[key].getTime() - other[key].getTime() || (one.id < other.id ? -1 : 1),
        )
        assert.deepEqual(books, sort.direction === 'descending' ? rising.reverse() : rising)
      })
    }

    const cases: Record<string, [filter: (me: MemberId) => Filter, wanted: (book: Book) => boolean]> = {
      everything: [() => ({}), () => true],
      'those of one member': [(ownerId) => ({ ownerId }), ({ ownerId }) => ownerId === me],
      'those written since a time, inclusive': [() => ({ createdFrom: at(2) }), ({ createdAt }) => createdAt >= at(2)],
      'those written before a time, exclusive': [() => ({ createdTo: at(2) }), ({ createdAt }) => createdAt < at(2)],
      'those written in one millisecond': [
        () => ({ createdFrom: at(2), createdTo: at(3) }),
        ({ createdAt }) => createdAt.getTime() === at(2).getTime(),
      ],
      'those of one member in a time': [
        (ownerId) => ({ ownerId, createdFrom: at(1), createdTo: at(3) }),
        ({ ownerId, createdAt }) => ownerId === me && createdAt >= at(1) && createdAt < at(3),
      ],
      'nothing, when the time ends where it starts': [() => ({ createdFrom: at(2), createdTo: at(2) }), () => false],
      'nothing, when the time ends before it starts': [() => ({ createdFrom: at(3), createdTo: at(1) }), () => false],
      'nothing of members who have none': [() => ({ ownerId: newMemberId() }), () => false],
    }

    for (const [name, [filterFor, isWanted]] of Object.entries(cases)) {
      it(`has ${name}, in every order, and counts them`, async () => {
        const { books } = world().store
        const filter = filterFor(me)
        const wanted = [...mine, ...yours].filter(isWanted)

        for (const sort of SORTS) {
          assert.deepEqual(
            new Set(textsOf(await books.list({ ...all, filter, sort }))),
            new Set(textsOf(wanted)),
            nameOf(sort),
          )
        }
        assert.equal(await books.count(filter), wanted.length)
      })
    }

    it('has no more than its limit, while the count is of all', async () => {
      const { books } = world().store
      const filter = { ownerId: me }

      for (const limit of [1, 2, 5, 100]) {
        assert.equal((await books.list({ ...all, filter, limit })).length, Math.min(limit, mine.length))
      }
      assert.equal(await books.count(filter), mine.length)
    })
  })

  describe('a list of reviews', () => {
    let reviews: readonly Review[] = []
    let [me, here] = [newMemberId(), newId()]

    before(async () => {
      const { keep, someone } = world()
      const [book, other, you] = [await keep.book(), await keep.book(), await someone()]
      ;[me, here] = [await someone(), book.id]
      const given = [0, 1, 1, 2].flatMap((n) =>
        [book.id, other.id].flatMap((bookId) => [me, you].map((ownerId) => ({ bookId, ownerId, ...times(n, 9 - n) }))),
      )
      reviews = await Promise.all(given.map(keep.review))
    })

    const cases: Record<string, [filter: () => Filter, wanted: (review: Review) => boolean]> = {
      everything: [() => ({}), () => true],
      'those on one book': [() => ({ bookId: here }), ({ bookId }) => bookId === here],
      'those of one member': [() => ({ ownerId: me }), ({ ownerId }) => ownerId === me],
      'those of one member on one book': [
        () => ({ ownerId: me, bookId: here }),
        ({ ownerId, bookId }) => ownerId === me && bookId === here,
      ],
      'those of one member on one book in a time': [
        () => ({ ownerId: me, bookId: here, createdFrom: at(1), createdTo: at(2) }),
        ({ ownerId, bookId, createdAt }) =>
          ownerId === me && bookId === here && createdAt.getTime() === at(1).getTime(),
      ],
      'nothing on books that are not there': [() => ({ bookId: newId() }), () => false],
    }

    for (const [name, [filterFor, isWanted]] of Object.entries(cases)) {
      for (const sort of SORTS) {
        it(`has ${name} in the order of ${nameOf(sort)}, and counts them`, async () => {
          const { store } = world()
          const filter = filterFor()

          const found = await store.reviews.list({ ...all, filter, sort })

          const key = sort.by
          const rising = reviews
            .filter(isWanted)
            .toSorted((one, other) => one[key].getTime() - other[key].getTime() || (one.id < other.id ? -1 : 1))
          assert.deepEqual(found, sort.direction === 'descending' ? rising.reverse() : rising)
          assert.equal(await store.reviews.count(filter), found.length)
        })
      }
    }
  })
}

import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import fc from 'fast-check'
import { type KeysetPosition, positionOf, type Sort } from '../../src/domains/ports/list-query.ts'
import type { Filter } from '../../src/infrastructures/store/driver.ts'
import type { Book } from '../kit/library/book.ts'
import { adding, removing } from '../kit/library/changes.ts'
import type { MemberId } from '../kit/library/member.ts'
import { aBook, newMemberId } from '../kit/library/samples.ts'
import { noon } from '../kit/noon.ts'
import { size } from '../kit/size.ts'
import { NEWEST_FIRST, nameOf, OLDEST_FIRST, SORTS } from '../kit/sorts.ts'
import type { World } from './world.ts'

const at = (milliseconds: number): Date => new Date(noon.getTime() + milliseconds)
const everything = { after: null, limit: 1_000 } as const

/** Few different times, so that most books share one. */
const book = (ownerId: MemberId, n: number): Book =>
  aBook({ ownerId, createdAt: at(n % 5), updatedAt: at((n % 3) + 10) })

export function describePaging(world: () => World): void {
  describe('walking a list page by page', () => {
    let ownerId = newMemberId()

    before(async () => {
      const { driver, someone } = world()
      ownerId = await someone()
      await driver.commit(Array.from({ length: 40 }, (_, n) => adding.book(book(ownerId, n))))
    })

    async function walk(sort: Sort, limit: number, filter: Filter, between = async () => {}): Promise<readonly Book[]> {
      const seen: Book[] = []
      for (let after: KeysetPosition | null = null, isFull = true; isFull; ) {
        const page: readonly Book[] = await world().store.books.list({ filter, sort, after, limit })
        seen.push(...page)
        isFull = page.length === limit
        const last = page.at(-1)
        if (last !== undefined) after = positionOf(sort, last)
        await between()
      }
      return seen
    }

    it('gives each item once, in order, whatever the order, the filter and the size of a page', async () => {
      const filters = fc.constantFrom(
        {},
        { createdFrom: at(1) },
        { createdTo: at(4) },
        { createdFrom: at(2), createdTo: at(3) },
      )
      const property = fc.asyncProperty(
        fc.constantFrom(...SORTS),
        fc.integer({ min: 1, max: 15 }),
        filters,
        fc.boolean(),
        async (sort, limit, times, isOwn) => {
          const filter = isOwn ? { ...times, ownerId } : times

          const seen = await walk(sort, limit, filter)

          assert.deepEqual(seen, await world().store.books.list({ ...everything, filter, sort }))
        },
      )

      await fc.assert(property, { numRuns: size(60, 60, 20) })
    })

    for (const sort of SORTS) {
      it(`by ${nameOf(sort)} gives each item once that is there all the time, while others come and go`, async () => {
        const { driver, store, someone } = world()
        const mine = await someone()
        const staying = Array.from({ length: 30 }, (_, n) => book(mine, n))
        const going = Array.from({ length: 30 }, (_, n) => book(mine, n))
        await driver.commit([...staying, ...going].map(adding.book))
        const left = [...going]

        const seen = await walk(sort, 7, { ownerId: mine }, async () => {
          const gone = left.splice(0, 3).map((last) => removing.book({ ...last, version: 2, updatedAt: at(99) }))
          await driver.commit([...[0, 1, 2].map((n) => adding.book(book(mine, n))), ...gone])
          if (left.length === 0) assert.ok((await store.books.count({ ownerId: mine })) < 200, 'the walk does not end')
        })

        const isStaying = new Set(staying.map(({ id }) => id))
        const walked = seen.filter(({ id }) => isStaying.has(id))
        const inOrder = (await store.books.list({ ...everything, filter: { ownerId: mine }, sort })).filter(({ id }) =>
          isStaying.has(id),
        )
        assert.deepEqual(walked, inOrder)
        assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length)
      })
    }

    it('goes on after an item that is gone', async () => {
      const { driver, store, someone } = world()
      const mine = await someone()
      const books = [0, 1, 2].map((n) => book(mine, n))
      await driver.commit(books.map(adding.book))
      const [first, second, third] = books as [Book, Book, Book]
      await driver.commit([removing.book({ ...second, version: 2 })])

      const after = positionOf(OLDEST_FIRST, second)
      const rest = await store.books.list({ filter: { ownerId: mine }, sort: OLDEST_FIRST, after, limit: 9 })
      const before = await store.books.list({ filter: { ownerId: mine }, sort: NEWEST_FIRST, after, limit: 9 })

      assert.deepEqual([rest, before], [[third], [first]])
    })
  })
}

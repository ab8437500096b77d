import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { saving } from '../kit/library/changes.ts'
import { createStore, readersOf } from '../kit/library/store.ts'
import { minutesAfterNoon } from '../kit/noon.ts'
import { OLDEST_FIRST } from '../kit/sorts.ts'
import type { Features } from './opened.ts'
import type { World } from './world.ts'

const listing = { filter: {}, sort: OLDEST_FIRST, after: null, limit: 100 } as const

export function describeDurability(world: () => World, { isDurable, isShared }: Features): void {
  describe('the store', () => {
    const [forgets, alone] = ['it keeps nothing when it is closed', 'nobody else can open it at the same time']

    it('answers when asked whether it is there', async () => {
      await world().driver.ping()
    })

    it('shows to others at once what it has kept', { skip: isShared ? false : alone }, async () => {
      const { opened, keep } = world()
      const other = await opened.second?.()

      const book = await keep.book()

      assert.deepEqual(other && (await readersOf(other).books.get(book.id)), book)
    })

    it('has everything after it was closed and opened again', { skip: isDurable ? false : forgets }, async () => {
      const { opened, driver, store, keep } = world()
      const review = await keep.review()
      const member = { ...(await keep.member()), version: 2, updatedAt: minutesAfterNoon(1), isActive: false }
      await driver.commit([saving.member(member)])
      const before = { books: await store.books.list(listing), outbox: await opened.outbox() }

      const reopened = createStore((await opened.reopen?.()) ?? assert.fail('it cannot be opened again'))

      assert.deepEqual(await reopened.reviews.get(review.id), review)
      assert.deepEqual(await reopened.members.find(member.id), member)
      assert.deepEqual(await reopened.books.list(listing), before.books)
      assert.deepEqual(await opened.outbox(), before.outbox)
    })
  })
}

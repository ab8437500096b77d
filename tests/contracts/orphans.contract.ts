import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { adding, saving } from '../kit/library/changes.ts'
import { BookNotFound, MemberInactive } from '../kit/library/errors.ts'
import { Member } from '../kit/library/member.ts'
import { aBook, aReview, newId, newMemberId } from '../kit/library/samples.ts'
import { removeBook, writeReview } from '../kit/library/usecases.ts'
import { minutesAfterNoon } from '../kit/noon.ts'
import type { World } from './world.ts'

const later = minutesAfterNoon(1)

export function describeOrphans(world: () => World): void {
  describe('nothing is kept', () => {
    it('on a book that is not there', async () => {
      const { driver, someone, eventsOf } = world()
      const review = aReview({ bookId: newId(), ownerId: await someone() })

      await assert.rejects(driver.commit([adding.review(review)]), BookNotFound)

      assert.deepEqual(await eventsOf(review.id), [])
    })

    it('on a book that the same unit has removed', async () => {
      const { store, keep, eventsOf } = world()
      const book = await keep.book()
      const review = aReview({ bookId: book.id, ownerId: book.ownerId })

      const attempt = store.transact(async (uow) => {
        await removeBook(uow, { id: book.id, at: later })
        await writeReview(uow, review)
      })

      await assert.rejects(attempt, BookNotFound)
      assert.deepEqual(await store.books.get(book.id), book)
      assert.deepEqual(await eventsOf(review.id), [])
    })

    for (const [owner, next] of Object.entries({
      'that was never seen': null,
      'that is deactivated': (member: Member) => Member.change(member, { isActive: false }, later),
      'that was removed': (member: Member) => Member.remove(member, later),
    })) {
      it(`for a member ${owner}`, async () => {
        const { driver, keep, eventsOf } = world()
        const member = await keep.member()
        const ownerId = next === null ? newMemberId() : member.id
        const book = aBook({ ownerId })
        const review = aReview({ bookId: (await keep.book()).id, ownerId })
        if (next !== null) await driver.commit([saving.member(next(member))])

        await assert.rejects(driver.commit([adding.book(book)]), MemberInactive)
        await assert.rejects(driver.commit([adding.review(review)]), MemberInactive)

        assert.deepEqual(await eventsOf(book.id, review.id), [])
      })
    }

    it('against a member who was activated again', async () => {
      const { driver, keep } = world()
      const member = await keep.member()
      await driver.commit([saving.member(Member.change(member, { isActive: false }, later))])

      await driver.commit([saving.member({ ...member, version: 3 })])

      assert.equal((await keep.book({ ownerId: member.id })).ownerId, member.id)
    })
  })
}

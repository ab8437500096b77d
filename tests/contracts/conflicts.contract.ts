import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Conflict, StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { adding, removing, saving } from '../kit/library/changes.ts'
import { BookNotFound } from '../kit/library/errors.ts'
import { aBook } from '../kit/library/samples.ts'
import { rewriteBook } from '../kit/library/usecases.ts'
import { minutesAfterNoon } from '../kit/noon.ts'
import type { World } from './world.ts'

const later = minutesAfterNoon(1)
const version = (n: number) => ({ version: n, updatedAt: later })

export function describeConflicts(world: () => World): void {
  describe('a change is a conflict', () => {
    it('when what it follows has been changed', async () => {
      const { driver, store, keep, eventsOf } = world()
      const review = await keep.review()
      const book = await store.books.get(review.bookId)
      const member = await keep.member()
      const winners = [
        { ...book, ...version(2) },
        { ...review, ...version(2) },
        { ...member, ...version(2) },
      ] as const
      await driver.commit([saving.book(winners[0]), saving.review(winners[1]), saving.member(winners[2])])

      await assert.rejects(driver.commit([saving.book({ ...book, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([saving.review({ ...review, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([saving.member({ ...member, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([removing.review({ ...review, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([removing.book({ ...book, ...version(2) })]), Conflict)

      assert.deepEqual(await store.books.get(book.id), winners[0])
      assert.deepEqual(await store.members.find(member.id), winners[2])
      assert.equal((await eventsOf(book.id, member.id)).length, 4)
    })

    it('when what it follows has been removed', async () => {
      const { driver, store, keep, eventsOf } = world()
      const review = await keep.review()
      const book = await store.books.get(review.bookId)
      await driver.commit([removing.review({ ...review, ...version(2) }), removing.book({ ...book, ...version(2) })])

      await assert.rejects(driver.commit([saving.book({ ...book, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([saving.book({ ...book, ...version(3) })]), Conflict)
      await assert.rejects(driver.commit([removing.book({ ...book, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([saving.review({ ...review, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([removing.review({ ...review, ...version(3) })]), Conflict)

      await assert.rejects(store.books.get(book.id), BookNotFound)
      assert.equal((await eventsOf(book.id, review.id)).length, 4)
    })

    it('when it skips a version', async () => {
      const { driver, store, keep } = world()
      const book = await keep.book()

      await assert.rejects(driver.commit([saving.book({ ...book, ...version(3) })]), Conflict)
      await assert.rejects(driver.commit([removing.book({ ...book, ...version(3) })]), Conflict)

      assert.deepEqual(await store.books.get(book.id), book)
    })

    it('when it adds under an id that is taken', async () => {
      const { driver, store, keep, eventsOf } = world()
      const review = await keep.review()
      const book = await store.books.get(review.bookId)
      const member = await keep.member()

      await assert.rejects(driver.commit([adding.book({ ...book, ownerId: review.ownerId })]), Conflict)
      await assert.rejects(driver.commit([adding.review(review)]), Conflict)
      await assert.rejects(driver.commit([adding.member({ ...member, name: 'other' })]), Conflict)

      assert.deepEqual(await store.books.get(book.id), book)
      assert.deepEqual(await store.members.find(member.id), member)
      assert.equal((await eventsOf(book.id, review.id, member.id)).length, 3)
    })
  })

  describe('of many callers who expect the same version', () => {
    const callers = 8

    it('exactly one wins, and the others are refused as stale', async () => {
      const { store, keep, eventsOf } = world()
      const book = await keep.book()
      const attempts = Array.from({ length: callers }, (_, n) => {
        const { text } = aBook({ text: `Caller ${n}.` })
        const change = { id: book.id, text, expected: new Set([1]), at: later }
        return store.transact((uow) => rewriteBook(uow, change))
      })

      const outcomes = await Promise.allSettled(attempts)

      const won = outcomes.filter((outcome) => outcome.status === 'fulfilled')
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.deepEqual([won.length, lost.length], [1, callers - 1])
      assert.ok(lost.every(({ reason }) => reason instanceof StaleVersion))
      assert.deepEqual(await store.books.get(book.id), won[0]?.value)
      assert.deepEqual(
        (await eventsOf(book.id)).map((event) => event.version),
        [1, 2],
      )
    })

    it('none loses an update when all try again until they win', async () => {
      const { store, keep } = world()
      const { id } = await keep.book({ text: '0' })

      async function increment(): Promise<void> {
        const { text, version } = await store.books.get(id)
        const next = aBook({ text: String(Number(text) + 1) })
        const change = { id, text: next.text, expected: new Set([version]), at: later }
        try {
          await store.transact((uow) => rewriteBook(uow, change))
        } catch (error) {
          if (!(error instanceof StaleVersion)) throw error
          await increment()
        }
      }
      await Promise.all(Array.from({ length: callers }, increment))

      const book = await store.books.get(id)
      assert.deepEqual([book.text, book.version], [String(callers), callers + 1])
    })
  })
}

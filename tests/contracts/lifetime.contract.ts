import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import type { UnitOfWork } from '../kit/library/library.ts'
import { aBook, aLoan, aMember, aReview } from '../kit/library/samples.ts'
import { eventOf } from '../kit/library/store.ts'
import type { World } from './world.ts'

const book = aBook()
const review = aReview({ bookId: book.id })
const member = aMember()
const loan = aLoan({ ownerId: member.id })
const message = { consumer: 'tests', id: 'e1', subject: book.id, version: 1, digest: 'd' }

/** All that a unit of work can do: does not compile while something is missing. */
type Method = { [Part in keyof UnitOfWork]: `${Part}.${keyof UnitOfWork[Part] & string}` }[keyof UnitOfWork]

const EVERYTHING: Record<Method, (uow: UnitOfWork) => Promise<unknown>> = {
  'members.get': ({ members }) => members.get(member.id),
  'members.find': ({ members }) => members.find(member.id),
  'members.add': ({ members }) => members.add(member),
  'members.save': ({ members }) => members.save(member),
  'members.remove': ({ members }) => members.remove(member),
  'books.get': ({ books }) => books.get(book.id),
  'books.find': ({ books }) => books.find(book.id),
  'books.add': ({ books }) => books.add(book),
  'books.save': ({ books }) => books.save(book),
  'books.remove': ({ books }) => books.remove(book),
  'reviews.get': ({ reviews }) => reviews.get(review.id),
  'reviews.find': ({ reviews }) => reviews.find(review.id),
  'reviews.add': ({ reviews }) => reviews.add(review),
  'reviews.save': ({ reviews }) => reviews.save(review),
  'reviews.remove': ({ reviews }) => reviews.remove(review),
  'loans.get': ({ loans }) => loans.get(loan.id),
  'loans.find': ({ loans }) => loans.find(loan.id),
  'loans.add': ({ loans }) => loans.add(loan),
  'loans.save': ({ loans }) => loans.save(loan),
  'loans.remove': ({ loans }) => loans.remove(loan),
  'inbox.markProcessed': ({ inbox }) => inbox.markProcessed(message),
  'results.save': ({ results }) => results.save({ userId: member.id, key: 'key', token: randomUUID() }, book),
  'outbox.add': ({ outbox }) => outbox.add(eventOf('book.written', book)),
}

const over = /is over/

export function describeLifetime(world: () => World): void {
  describe('a unit of work is over', () => {
    async function leaked(): Promise<UnitOfWork> {
      return world().store.transact(async (uow) => uow)
    }

    async function leakedByFailure(): Promise<UnitOfWork> {
      let kept: UnitOfWork | undefined
      const attempt = world().store.transact(async (uow) => {
        kept = uow
        throw new Error('over')
      })
      await assert.rejects(attempt)
      return kept as UnitOfWork
    }

    for (const [method, call] of Object.entries(EVERYTHING)) {
      it(`once the work has returned: ${method} refuses`, async () => {
        const uow = await leaked()

        await assert.rejects(call(uow), over)
      })

      it(`once the work has thrown: ${method} refuses`, async () => {
        const uow = await leakedByFailure()

        await assert.rejects(call(uow), over)
      })
    }

    it('for what the work did not wait for', async () => {
      const { store, someone, eventsOf } = world()
      const late = aBook({ ownerId: await someone() })
      const { promise: finished, resolve: finish } = Promise.withResolvers<void>()

      const forgotten = await store.transact(async ({ books }) => [finished.then(() => books.add(late))] as const)
      finish()

      await assert.rejects(forgotten[0], over)
      assert.deepEqual(await eventsOf(late.id), [])
    })
  })
}

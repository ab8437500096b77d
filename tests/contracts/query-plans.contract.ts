import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { KeysetPosition } from '../../src/domains/ports/list-query.ts'
import type { Filter, StoreDriver } from '../../src/infrastructures/store/driver.ts'
import type { Operation as Change } from '../../src/infrastructures/store/operation.ts'
import type { Book } from '../kit/library/book.ts'
import { adding, removing, saving } from '../kit/library/changes.ts'
import { LIBRARY } from '../kit/library/library.ts'
import type { Review } from '../kit/library/review.ts'
import { aBook, aLoan, aMember, aReview } from '../kit/library/samples.ts'
import { readersOf } from '../kit/library/store.ts'
import { NEWEST_FIRST, SORTS } from '../kit/sorts.ts'

/** A large store, and what is wrong with the plans of all that a task sends. */
type Planned = Readonly<{
  driver: StoreDriver
  troublesOf(task: () => Promise<unknown>): Promise<readonly string[]>
  close(): Promise<void>
}>

/** How many rows there are of each kind: those of one member, or about one book, are few. */
export const SIZES = {
  members: 20_000,
  writers: 500,
  books: 20_000,
  reviews: 40_000,
  published: 60_000,
  pending: 40_000,
  loans: 20_000,
  handled: 20_000,
  keys: 20_000,
} as const

export function describePlans(engine: string, skip: string | false, open: () => Promise<Planned>): void {
  describe(`the plans of ${engine}`, { skip }, () => {
    let planned: Planned
    let driver: StoreDriver
    let kept: Readonly<{ book: Book; review: Review; position: KeysetPosition }>

    before(async () => {
      planned = await open()
      driver = planned.driver
      kept = await somethingIn(driver)
    })

    after(() => planned.close())

    const troublesOf = (task: () => Promise<unknown>) => planned.troublesOf(task)
    const commit = (...changes: Change[]) => driver.commit(changes)

    it('find one thing by its id', async () => {
      const troubles = await troublesOf(async () => {
        await readersOf(driver).books.get(kept.book.id)
        await readersOf(driver).reviews.get(kept.review.id)
        await readersOf(driver).members.find(kept.book.ownerId)
      })

      assert.deepEqual(troubles, [])
    })

    it('enter an index for every page', async () => {
      const { ownerId, id: bookId, createdAt } = kept.book
      const filters: readonly Filter[] = [
        {},
        { ownerId },
        { createdFrom: createdAt },
        { createdTo: createdAt },
        { createdFrom: new Date(createdAt.getTime() - 3_600_000), createdTo: createdAt },
        { ownerId, createdFrom: new Date(0), createdTo: createdAt },
      ]

      const troubles = await troublesOf(async () => {
        for (const sort of SORTS) {
          for (const after of [null, kept.position]) {
            for (const filter of filters) await readersOf(driver).books.list({ filter, sort, after, limit: 21 })
            for (const filter of [...filters, { bookId }, { bookId, ownerId }]) {
              await readersOf(driver).reviews.list({ filter, sort, after, limit: 21 })
            }
          }
        }
      })

      assert.deepEqual(troubles, [])
    })

    it('count what one member wrote, or what was said about one book, without reading the rest', async () => {
      const troubles = await troublesOf(async () => {
        await readersOf(driver).books.count({ ownerId: kept.book.ownerId })
        await readersOf(driver).reviews.count({ ownerId: kept.book.ownerId })
        await readersOf(driver).reviews.count({ bookId: kept.book.id })
      })

      assert.deepEqual(troubles, [])
    })

    it('change one thing by its id', async () => {
      const member = aMember()
      const book = aBook({ ownerId: member.id })
      const review = aReview({ bookId: book.id, ownerId: member.id })

      const troubles = await troublesOf(async () => {
        await commit(adding.member(member), adding.book(book), adding.review(review))
        await commit(saving.member({ ...member, version: 2 }), saving.book({ ...book, version: 2 }))
        await commit(saving.review({ ...review, version: 2 }))
        await commit(removing.review({ ...review, version: 3 }), removing.book({ ...book, version: 3 }))
      })

      assert.deepEqual(troubles, [])
    })

    it('claim and confirm from the edge of an index, and count no further than they must', async () => {
      const troubles = await troublesOf(async () => {
        const claim = (await driver.outbox.claim(256, 10_000)) ?? assert.fail()
        await driver.outbox.confirm(claim)
        await driver.outbox.release(claim)
        await driver.outbox.backlog()
      })

      assert.deepEqual(troubles, [])
    })

    it('find by an index what was published, to publish it again or to forget it', async () => {
      const troubles = await troublesOf(async () => {
        await driver.outbox.replay(new Date(Date.now() - 60_000))
        await driver.prune({ publishedMs: 1_000, handledMs: 1_000 })
      })

      assert.deepEqual(troubles, [])
    })

    it('find the loans of one member', async () => {
      const { ownerId, createdAt: at, id } = kept.book
      const { after } = driver.view(LIBRARY.views.loanFeed)
      const { list } = readersOf(driver).loans

      const troubles = await troublesOf(async () => {
        await after(ownerId, id, 20)
        for (const open of [false, true]) {
          for (const position of [null, { at, id }]) {
            await list({ filter: { ownerId, open }, sort: NEWEST_FIRST, after: position, limit: 21 })
          }
        }
      })

      assert.deepEqual(troubles, [])
    })

    it('change rows without events by their key', async () => {
      const { ownerId, id: bookId } = kept.book
      const loan = aLoan({ ownerId, bookId })
      const message = { consumer: 'tests', id: 'new', subject: bookId, version: 1, digest: '' }
      const request = { userId: ownerId, key: 'new', fingerprint: '' }
      const [reservation, lost] = [randomUUID(), randomUUID()].map((token) => ({ ...request, token }))
      assert.ok(reservation && lost)

      const troubles = await troublesOf(async () => {
        await driver.keys.reserve(request, reservation.token)
        await commit(
          { kind: 'mark-processed', message },
          adding.loan(loan),
          saving.loan({ ...loan, returnedAt: new Date() }),
          { kind: 'save-result', reservation, result: '' },
        )
        await driver.keys.release(lost)
        await driver.inbox.processedDigest('tests', 'new')
      })

      assert.deepEqual(troubles, [])
    })

    it('remove a set by an index', async () => {
      const member = await readersOf(driver).members.get(kept.review.ownerId)
      const at = new Date()

      const troubles = await troublesOf(async () => {
        await commit(removing.book({ ...kept.book, version: kept.book.version + 1, updatedAt: at }))
        await commit(removing.member({ ...member, version: 2, updatedAt: at, removedAt: at }))
      })

      assert.deepEqual(troubles, [])
    })
  })
}

async function somethingIn(driver: StoreDriver) {
  const { books, reviews } = readersOf(driver)
  const all = { filter: {}, sort: NEWEST_FIRST, after: null, limit: 100 } as const
  const [book, review] = [(await books.list(all)).at(-1), (await reviews.list(all)).at(-1)]
  assert.ok(book && review)
  return { book, review, position: { at: book.createdAt, id: book.id } }
}

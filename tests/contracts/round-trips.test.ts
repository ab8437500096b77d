import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { postgresDialect } from '../../src/infrastructures/store/postgres/dialect.ts'
import { openDatabase } from '../../src/infrastructures/store/postgres/open-database.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import type { Book } from '../kit/library/book.ts'
import { LIBRARY, type Library } from '../kit/library/library.ts'
import { aBook, aMember, aReview } from '../kit/library/samples.ts'
import { createStore, readersOf } from '../kit/library/store.ts'
import { registerMember, removeBook, rewriteBook, writeBook, writeReview } from '../kit/library/usecases.ts'
import { minutesAfterNoon } from '../kit/noon.ts'
import { slowWire } from '../kit/slow-wire.ts'
import { OLDEST_FIRST } from '../kit/sorts.ts'
import { watched } from '../kit/watched-database.ts'
import { openLibrary } from './opened-postgres.ts'

const later = minutesAfterNoon(1)

describe('on the wire to PostgreSQL, for the store alone,', { skip: skipWithout('postgres') }, () => {
  const owner = aMember()
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let wire: Awaited<ReturnType<typeof slowWire>>
  let driver: StoreDriver
  let store: Library

  before(async () => {
    database = await freshDatabase()
    wire = await slowWire(new URL(database.url))
    driver = await openLibrary({ url: wire.url, poolSize: 3, onIdleError: () => {} })
    store = createStore(driver)
    await store.transact((uow) => registerMember(uow, owner))
  })

  after(async () => {
    await driver.close()
    wire.close()
    await database.drop()
  })

  const written = (): Promise<Book> => store.transact((uow) => writeBook(uow, aBook({ ownerId: owner.id })))

  async function countOf(task: () => Promise<unknown>): Promise<number> {
    await task()
    return wire.roundTrips(task)
  }

  it('a read is one round trip, and so is adding something', async () => {
    const { id } = await written()

    assert.equal(await countOf(() => store.books.get(id)), 1)
    assert.equal(await countOf(() => store.books.list({ filter: {}, sort: OLDEST_FIRST, after: null, limit: 9 })), 1)
    assert.equal(await countOf(written), 1)
  })

  it('what is asked for by id at once is one statement', async () => {
    const ids = (await Promise.all([1, 2, 3].map(written))).map(({ id }) => id)
    const open = watched(openDatabase({ url: database.url, poolSize: 1, onIdleError: () => {} }))
    await using _ = { [Symbol.asyncDispose]: () => open.close() }
    const { books } = readersOf(sqlDriver(postgresDialect, open, LIBRARY.aggregates))

    const found = await Promise.all(ids.map((id) => books.get(id)))

    assert.deepEqual([found.map(({ id }) => id), open.sent.length], [ids, 1])
  })

  it('a unit that reads what it changes is two, however much goes with what it removes', async () => {
    const removed: number[] = []
    for (const { id } of [await written(), await written()]) {
      const review = aReview({ bookId: id, ownerId: owner.id })
      await store.transact((uow) => writeReview(uow, review))
      removed.push(await wire.roundTrips(() => store.transact((uow) => removeBook(uow, { id, at: later }))))
    }
    const { id } = await written()

    assert.equal(await countOf(() => store.transact((uow) => rewriteBook(uow, { id, text: 'Two.', at: later }))), 2)
    assert.equal(removed.at(-1), 2)
  })

  it('a claim of the outbox is one when nothing is pending, and four with its confirmation', async () => {
    async function relayOnce(): Promise<void> {
      const claim = (await driver.outbox.claim(1_000, 10_000)) ?? assert.fail()
      if (claim.events.length > 0) await driver.outbox.confirm(claim)
    }
    await relayOnce()
    await written()

    assert.deepEqual([await wire.roundTrips(relayOnce), await wire.roundTrips(relayOnce)], [4, 1])
  })
})

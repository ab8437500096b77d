import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { Client } from 'pg'
import type { Position } from '../../src/domains/ports/listing.ts'
import type { Filter, StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { readMigrations } from '../../src/infrastructures/store/migrations.ts'
import type { Operation as Change } from '../../src/infrastructures/store/operation.ts'
import { postgresDialect } from '../../src/infrastructures/store/postgres/dialect.ts'
import { migratePostgres } from '../../src/infrastructures/store/postgres/migrate.ts'
import { openDatabase } from '../../src/infrastructures/store/postgres/open-database.ts'
import { sqlDriver } from '../../src/infrastructures/store/sql/sql-driver.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import type { Book } from '../kit/library/book.ts'
import { adding, removing, saving } from '../kit/library/changes.ts'
import { LIBRARY } from '../kit/library/library.ts'
import type { Review } from '../kit/library/review.ts'
import { aBook, aLoan, aMember, aReview } from '../kit/library/samples.ts'
import { readersOf } from '../kit/library/store.ts'
import { planTroubles } from '../kit/plan-troubles.ts'
import { NEWEST_FIRST, SORTS } from '../kit/sorts.ts'
import { tableStatements } from '../kit/tables.ts'
import { watched } from '../kit/watched-database.ts'

const [MEMBERS, WRITERS, BOOKS, REVIEWS] = [20_000, 500, 20_000, 40_000]
const [PUBLISHED, PENDING, LOANS, HANDLED, KEYS] = [60_000, 40_000, 20_000, 20_000, 20_000]

const id = (n: string) => `('00000000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`
const PAST = `now() - n * interval '1 minute'`
const WRITTEN = `'Hello.', 1, ${PAST}, ${PAST}`
const LOAD = `
  insert into members (id, name, is_active, version, created_at, updated_at)
    select ${id('n')}, 'member' || n, true, 1, now(), now() from generate_series(1, ${MEMBERS}) n;
  insert into books (id, owner_id, genre, isbn, pages, is_rare, shelf_id, printed_at, text, version, created_at, updated_at)
    select ${id('n')}, ${id(`n % ${WRITERS} + 1`)}, 'novel', n::text, n, false, ${id('n')}, now(), ${WRITTEN} from generate_series(1, ${BOOKS}) n;
  insert into reviews (id, book_id, owner_id, text, version, created_at, updated_at)
    select ${id('n')}, ${id(`n % ${BOOKS} + 1`)}, ${id(`n % ${WRITERS} + 1`)}, ${WRITTEN}
    from generate_series(1, ${REVIEWS}) n;
  insert into outbox (type, subject, version, time, data, published_at)
    select 'book.written', ${id('n')}, 1, ${PAST}, '{}', case when n > ${PENDING} then ${PAST} end
    from generate_series(1, ${PUBLISHED + PENDING}) n;
  insert into loans (id, owner_id, number, book_id, created_at, returned_at)
    select ${id('n')}, ${id(`n % ${WRITERS} + 1`)}, n, ${id('1')}, ${PAST},
      case when n % 3 = 0 then now() end from generate_series(1, ${LOANS}) n;
  insert into inbox (consumer, id, subject, version, digest, handled_at)
    select 'tests', n::text, (n % 5000)::text, n, '', ${PAST} from generate_series(1, ${HANDLED}) n;
  insert into idempotency_keys (user_id, key, fingerprint, token, answer, reserved_until, expires_at)
    select ${id(`n % ${WRITERS} + 1`)}, n::text, '', ${id('n')}, '', ${PAST}, ${PAST} from generate_series(1, ${KEYS}) n;
  analyze`

describe('the plans of PostgreSQL', { skip: skipWithout('postgres') }, () => {
  let fresh: Awaited<ReturnType<typeof freshDatabase>>
  let client: Client
  let database: ReturnType<typeof watched>
  let driver: StoreDriver
  let kept: Readonly<{ book: Book; review: Review; position: Position }>

  before(async () => {
    fresh = await freshDatabase()
    client = new Client({ connectionString: fresh.url })
    await client.connect()
    await migratePostgres(client, readMigrations('postgres'))
    for (const statement of tableStatements('postgres', LIBRARY.aggregates)) await client.query(statement)
    await client.query(LOAD)
    database = watched(openDatabase({ url: fresh.url, poolSize: 4, onIdleError: () => {} }))
    driver = sqlDriver(postgresDialect, database, LIBRARY.aggregates)
    kept = await somethingIn(driver)
  })

  after(async () => {
    await driver.close()
    await client.end()
    await fresh.drop()
  })

  const troublesOf = (task: () => Promise<unknown>) => planTroubles(client, database, task)
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

  it('change what is announced to nobody by its key', async () => {
    const { ownerId, id: bookId } = kept.book
    const loan = aLoan({ ownerId, bookId })
    const message = { consumer: 'tests', id: 'new', subject: bookId, version: 1, digest: '' }
    const request = { userId: ownerId, key: 'new', fingerprint: '' }
    const [reservation, lost] = [randomUUID(), randomUUID()].map((token) => ({ ...request, token }))
    assert.ok(reservation && lost)

    const troubles = await troublesOf(async () => {
      await driver.keys.reserve(request, reservation.token)
      await commit(
        { verb: 'mark-processed', message },
        adding.loan(loan),
        saving.loan({ ...loan, returnedAt: new Date() }),
        { verb: 'save-result', reservation, result: '' },
      )
      await driver.keys.release(lost)
      await driver.inbox.digestOf('tests', 'new')
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

async function somethingIn(driver: StoreDriver) {
  const { books, reviews } = readersOf(driver)
  const all = { filter: {}, sort: NEWEST_FIRST, after: null, limit: 100 } as const
  const [book, review] = [(await books.list(all)).at(-1), (await reviews.list(all)).at(-1)]
  assert.ok(book && review)
  return { book, review, position: { at: book.createdAt, id: book.id } }
}

import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { skipWithout } from '../kit/engines.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { adding, saving } from '../kit/library/changes.ts'
import type { Member } from '../kit/library/member.ts'
import { aBook, aMember, aReview } from '../kit/library/samples.ts'
import { readersOf } from '../kit/library/store.ts'
import { openLibrary } from './opened-postgres.ts'

const members = (count: number): readonly Member[] => Array.from({ length: count }, () => aMember())

describe('commits that share a connection to PostgreSQL', { skip: skipWithout('postgres') }, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let driver: StoreDriver

  /** `count` connections for commits, beside two for reading and one for the background. */
  async function open(count: number): Promise<void> {
    driver = await openLibrary({
      url: database.url,
      poolSize: 3 + count,
      onIdleError: () => {},
    })
  }

  beforeEach(async () => {
    database = await freshDatabase()
  })
  afterEach(async () => {
    await driver.close()
    await database.drop()
  })

  const add = (member: Member): Promise<void> => driver.commit([adding.member(member)])

  /** Runs the work while somebody else holds the row of a member. */
  async function whileLocked(member: Member, work: () => Promise<void>): Promise<void> {
    const other = new Client({ connectionString: database.url })
    await other.connect()
    try {
      await other.query('begin')
      await other.query('select from members where id = $1 for update', [member.id])
      await work()
    } finally {
      await other.end()
    }
  }

  it('are all kept, however many come at once', async () => {
    await open(1)
    const many = members(300)

    await Promise.all(many.map(add))

    for (const member of many) assert.deepEqual(await readersOf(driver).members.find(member.id), member)
  })

  it('suffer nothing from one ahead of them that is refused', async () => {
    await open(1)
    const [owner, stranger] = members(2) as [Member, Member]
    await add(owner)
    const [book, rejected] = [aBook({ ownerId: owner.id }), aBook({ ownerId: stranger.id })]
    const review = aReview({ bookId: book.id, ownerId: owner.id })

    const [refused, ...others] = await Promise.allSettled([
      driver.commit([adding.book(rejected), adding.review(review)]),
      driver.commit([adding.book(book)]),
      driver.commit([adding.review(review)]),
    ])

    assert.equal(refused.status, 'rejected')
    for (const { status } of others) assert.equal(status, 'fulfilled')
    assert.deepEqual(await readersOf(driver).reviews.get(review.id), review)
  })

  it('are not sent behind one that waits for a lock', async () => {
    await open(2)
    const [locked, ...others] = members(41) as [Member, ...Member[]]
    await add(locked)
    await Promise.all(others.slice(0, 20).map(add)) // both connections are there

    await whileLocked(locked, async () => {
      let isOver = false
      const save = driver.commit([saving.member({ ...locked, version: 2 })]).finally(() => {
        isOver = true
      })
      await sleep(100)
      await Promise.all(others.slice(20).map(add))
      assert.ok(!isOver)
      await assert.rejects(save, DependencyUnavailable)
    })
  })

  it('wait for a second while something holds up every connection, and are not sent afterwards', async () => {
    await open(1)
    const [locked, late] = members(2) as [Member, Member]
    await add(locked)

    await whileLocked(locked, async () => {
      const save = assert.rejects(driver.commit([saving.member({ ...locked, version: 2 })]), DependencyUnavailable)
      await sleep(100)
      const start = performance.now()
      await assert.rejects(add(late), (error) => {
        return error instanceof DependencyUnavailable && !(error instanceof OutcomeUnknown)
      })
      assert.ok(performance.now() - start < 1_100)
      await save
    })

    assert.equal(await readersOf(driver).members.find(late.id), null)
    await add(late)
  })
})

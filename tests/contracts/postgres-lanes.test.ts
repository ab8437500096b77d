import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { User } from '../../src/domains/entities/user.ts'
import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { openPostgres } from '../../src/infrastructures/store/postgres/open-postgres.ts'
import { aComment, aPost, aUser } from '../fixtures.ts'
import { skipWithout } from '../kit/engines.ts'
import { readersOf } from '../kit/forum-store.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { adding, newPostId, newUserId, saving } from './forum-changes.ts'

const users = (count: number): readonly User[] => Array.from({ length: count }, () => aUser({ id: newUserId() }))

describe('commits that share a connection to PostgreSQL', { skip: skipWithout('postgres') }, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let driver: StoreDriver

  /** `count` connections for commits, beside two for reading and one for the background. */
  async function open(count: number): Promise<void> {
    driver = await openPostgres({
      aggregates: FORUM.aggregates,
      url: database.url,
      poolSize: 3 + count,
      migrates: true,
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

  const add = (user: User): Promise<void> => driver.commit([adding.user(user)])

  /** Runs the work while somebody else holds the row of a user. */
  async function whileLocked(user: User, work: () => Promise<void>): Promise<void> {
    const other = new Client({ connectionString: database.url })
    await other.connect()
    try {
      await other.query('begin')
      await other.query('select from users where id = $1 for update', [user.id])
      await work()
    } finally {
      await other.end()
    }
  }

  it('are all kept, however many come at once', async () => {
    await open(1)
    const many = users(300)

    await Promise.all(many.map(add))

    for (const user of many) assert.deepEqual(await readersOf(driver).users.find(user.id), user)
  })

  it('suffer nothing from one ahead of them that is refused', async () => {
    await open(1)
    const [owner, stranger] = users(2) as [User, User]
    await add(owner)
    const [post, rejected] = [aPost({ id: newPostId(), ownerId: owner.id }), aPost({ ownerId: stranger.id })]
    const comment = aComment({ postId: post.id, ownerId: owner.id })

    const [refused, ...others] = await Promise.allSettled([
      driver.commit([adding.post(rejected), adding.comment(comment)]),
      driver.commit([adding.post(post)]),
      driver.commit([adding.comment(comment)]),
    ])

    assert.equal(refused.status, 'rejected')
    for (const { status } of others) assert.equal(status, 'fulfilled')
    assert.deepEqual(await readersOf(driver).comments.get(comment.id), comment)
  })

  it('are not sent behind one that waits for a lock', async () => {
    await open(2)
    const [locked, ...others] = users(41) as [User, ...User[]]
    await add(locked)
    await Promise.all(others.slice(0, 20).map(add)) // both connections are there

    await whileLocked(locked, async () => {
      let isOver = false
      const save = driver.commit([saving.user({ ...locked, version: 2 })]).finally(() => {
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
    const [locked, late] = users(2) as [User, User]
    await add(locked)

    await whileLocked(locked, async () => {
      const save = assert.rejects(driver.commit([saving.user({ ...locked, version: 2 })]), DependencyUnavailable)
      await sleep(100)
      const start = performance.now()
      await assert.rejects(add(late), (error) => {
        return error instanceof DependencyUnavailable && !(error instanceof OutcomeUnknown)
      })
      assert.ok(performance.now() - start < 1_100)
      await save
    })

    assert.equal(await readersOf(driver).users.find(late.id), null)
    await add(late)
  })
})

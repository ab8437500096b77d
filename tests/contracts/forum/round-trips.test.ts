import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createAccountGuard } from '../../../src/domains/services/account-guard.ts'
import { createCommentService } from '../../../src/domains/services/comment-service.ts'
import { createPostService } from '../../../src/domains/services/post-service.ts'
import { createUserService } from '../../../src/domains/services/user-service.ts'
import { builtinAuthorization } from '../../../src/infrastructures/authorization/builtin/builtin-authorization.ts'
import { uuidV7 } from '../../../src/infrastructures/identifiers/uuid-v7.ts'
import { FORUM } from '../../../src/infrastructures/store/aggregates/forum.ts'
import type { StoreDriver } from '../../../src/infrastructures/store/driver.ts'
import { openPostgres } from '../../../src/infrastructures/store/postgres/open-postgres.ts'
import { alice, postDraft } from '../../fixtures.ts'
import { skipWithout } from '../../kit/engines.ts'
import { createStore } from '../../kit/forum-store.ts'
import { freshDatabase } from '../../kit/fresh-database.ts'
import { slowWire } from '../../kit/slow-wire.ts'
import { NEWEST_FIRST } from '../../kit/sorts.ts'

const now = () => new Date()

function servicesOn(driver: StoreDriver) {
  const store = createStore(driver)
  const accounts = createAccountGuard({ store, now })
  return {
    posts: createPostService({ accounts, authorization: builtinAuthorization, posts: store.posts, now, newId: uuidV7 }),
    comments: createCommentService({
      accounts,
      authorization: builtinAuthorization,
      comments: store.comments,
      now,
      newId: uuidV7,
    }),
    users: createUserService({ accounts, store, now }),
  }
}

describe('on the wire to PostgreSQL, for the services of the forum,', { skip: skipWithout('postgres') }, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let wire: Awaited<ReturnType<typeof slowWire>>
  let driver: StoreDriver
  let services: ReturnType<typeof servicesOn>

  before(async () => {
    database = await freshDatabase()
    wire = await slowWire(new URL(database.url))
    driver = await openPostgres({
      aggregates: FORUM.aggregates,
      url: wire.url,
      poolSize: 3,
      migrates: true,
      onIdleError: () => {},
    })
    services = servicesOn(driver)
  })

  after(async () => {
    await driver.close()
    wire.close()
    await database.drop()
  })

  const all = { filter: {}, sort: NEWEST_FIRST, after: null, limit: 20 } as const

  const written = async () => (await services.posts.write({ author: alice, ...postDraft('Once.') })).result

  async function countOf(task: () => Promise<unknown>): Promise<number> {
    await task()
    return wire.roundTrips(task)
  }

  it('a read is one round trip, the check of the account included', async () => {
    const { id } = await written()

    assert.equal(await countOf(() => services.posts.read({ reader: alice, id })), 1)
    assert.equal(await countOf(() => services.posts.list({ reader: alice, listQuery: all, withTotal: true })), 1)
    assert.equal(await countOf(() => services.comments.list({ reader: alice, listQuery: all, withTotal: false })), 1)
    assert.equal(await countOf(() => services.users.me(alice)), 1)
  })

  it('so is writing something new', async () => {
    const { id } = await written()

    assert.equal(await countOf(() => services.posts.write({ author: alice, ...postDraft('Twice.') })), 1)
    assert.equal(await countOf(() => services.comments.write({ author: alice, postId: id, text: 'Indeed.' })), 1)
  })

  it('with a key it is two, the one to reserve it included, and so is a replay', async () => {
    const keyed = (key: string) => () =>
      services.posts.write({ author: alice, ...postDraft('Keyed.'), request: { key, fingerprint: 'same' } })
    await keyed('warm')()
    const first = await wire.roundTrips(keyed('cold'))

    assert.deepEqual([first, await countOf(keyed('cold'))], [2, 2])
  })

  it('a change of what is there is two', async () => {
    const { id } = await written()

    assert.equal(
      await countOf(() => services.posts.rewrite({ editor: alice, id, ...postDraft('Again.'), expected: null })),
      2,
    )
  })

  it('so is a removal with everything that hangs on it', async () => {
    const posts = await Promise.all([1, 2].map(written))
    for (const { id } of posts) await services.comments.write({ author: alice, postId: id, text: 'Oh.' })

    const counts: number[] = []
    for (const { id } of posts)
      counts.push(await wire.roundTrips(() => services.posts.remove({ remover: alice, id, expected: null })))

    assert.equal(counts.at(-1), 2)
  })
})

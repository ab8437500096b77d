import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { openPostgres } from '../../src/infrastructures/store/postgres/open-postgres.ts'
import { startPostgresProxy } from '../chaos/kit/commit-proxy.ts'
import { assertProblem } from '../kit/answers.ts'
import { skipWithout } from '../kit/engines.ts'
import { createStore, emptyState, memoryDriver } from '../kit/forum-store.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { openForum } from '../kit/http.ts'

/** A forum in which Alice is known, and how she writes the same post with the same key as often as she likes. */
async function openOver(driver: StoreDriver) {
  const forum = await openForum({ store: createStore(driver) })
  await forum.call(forum.alice, 'GET', '/v1/users/me')
  const sent = { body: { text: 'Hello.' }, headers: { 'idempotency-key': 'mine' } }
  return {
    write: () => forum.call(forum.alice, 'POST', '/v1/posts', sent),
    kept: async () => (await forum.call(forum.alice, 'GET', '/v1/posts?count=true')).body.total,
    [Symbol.asyncDispose]: () => forum[Symbol.asyncDispose](),
  }
}

describe('a request with a key whose commit was lost sight of', { skip: skipWithout('postgres') }, () => {
  for (const [cut, isKept] of [
    ['unanswered', true],
    ['unheard', false],
  ] as const) {
    it(`is done once, though the first answer is 503 (${cut})`, async () => {
      const { url, drop } = await freshDatabase()
      await using cleanUp = new AsyncDisposableStack()
      cleanUp.defer(drop)
      const proxy = cleanUp.use(await startPostgresProxy(url))
      const driver = await openPostgres({
        aggregates: FORUM.aggregates,
        url: proxy.url,
        poolSize: 4,
        migrates: true,
        onIdleError: () => {},
      })
      cleanUp.defer(() => driver.close())
      const forum = cleanUp.use(await openOver(driver))

      proxy.cutNextCommit(cut)
      const first = await forum.write()
      assertProblem(first, 503, 'dependency-unavailable')
      assert.match(first.body.detail, /unknown whether the change was kept/)
      const [second, third] = [await forum.write(), await forum.write()]

      assert.equal(second.headers['idempotency-replayed'], isKept ? 'true' : undefined)
      assert.deepEqual([second.status, third.status, third.text], [201, 201, second.text])
      assert.equal(await forum.kept(), 1)
    })
  }
})

describe('a request with a key whose commit', () => {
  const failing = (during: (commit: () => Promise<void>) => Promise<void>) => {
    const [driver, state] = [memoryDriver(emptyState()), { isBroken: true }]
    const commit: StoreDriver['commit'] = async (changes) => {
      const isKeyed = changes.some(({ kind }) => kind === 'save-result')
      if (!isKeyed || !state.isBroken) return driver.commit(changes)
      state.isBroken = false
      await during(() => driver.commit(changes))
    }
    return { ...driver, commit }
  }

  it('was kept unseen gets the first answer when it comes again', async () => {
    const lost = failing(async (commit) => {
      await commit()
      throw new OutcomeUnknown('database')
    })
    await using forum = await openOver(lost)

    assertProblem(await forum.write(), 503, 'dependency-unavailable')
    const { status, headers } = await forum.write()

    assert.deepEqual([status, headers['idempotency-replayed'], await forum.kept()], [201, 'true', 1])
  })

  it('comes late is not done beside its repetition', async () => {
    let late = async () => {}
    const delayed = failing(async (commit) => {
      late = commit
      throw new OutcomeUnknown('database')
    })
    await using forum = await openOver(delayed)
    assertProblem(await forum.write(), 503, 'dependency-unavailable')

    const { status, headers } = await forum.write()

    await assert.rejects(late(), { code: 'idempotency-key-in-use' })
    assert.deepEqual([status, headers['idempotency-replayed'], await forum.kept()], [201, undefined, 1])
  })

  it('failed for sure is free at once', async () => {
    const refused = failing(async () => {
      throw new DependencyUnavailable('database')
    })
    await using forum = await openOver(refused)

    assertProblem(await forum.write(), 503, 'dependency-unavailable')

    assert.equal((await forum.write()).status, 201)
  })

  it('failed where the key cannot be given back says why it failed', async () => {
    const down = failing(async () => {
      throw new DependencyUnavailable('database')
    })
    const release = async () => {
      throw new Error('a bug')
    }
    await using forum = await openOver({ ...down, keys: { ...down.keys, release } })

    assertProblem(await forum.write(), 503, 'dependency-unavailable')
    assertProblem(await forum.write(), 409, 'idempotency-key-in-use')
  })
})

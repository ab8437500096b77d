import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Forbidden } from '../../../src/domains/errors/access-errors.ts'
import { DependencyUnavailable } from '../../../src/domains/errors/dependency-errors.ts'
import { openAuthorization } from '../../../src/infrastructures/authorization/open-authorization.ts'
import { createTupleWriter } from '../../../src/infrastructures/authorization/openfga/tuple-writer.ts'
import { superAdmin as superAdminTuple, tuplesOf } from '../../../src/infrastructures/authorization/openfga/tuples.ts'
import { ServerSetupError } from '../../../src/infrastructures/connection/server-setup-error.ts'
import { alice, aPost, bob, p1, postDraft, setUp } from '../../fixtures.ts'
import { openFgaUrl, skipWithout } from '../../kit/engines.ts'
import { startFaultProxy } from '../../kit/fault-proxy.ts'
import { freshOpenFgaStore } from '../../kit/openfga.ts'

const skip = skipWithout('openfga')
const WRONG_ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

describe('OpenFGA', { skip }, () => {
  let store: Awaited<ReturnType<typeof freshOpenFgaStore>>
  before(async () => {
    store = await freshOpenFgaStore()
  })
  after(() => store[Symbol.asyncDispose]())

  /** OpenFGA behind a wire that can fail, and which sees each request. */
  async function openWired() {
    const requests: string[] = []
    const wire = await startFaultProxy(new URL(openFgaUrl ?? ''), (bytes) => {
      requests.push(...(bytes.toString().match(/^(GET|POST) \S+(?= HTTP)/gm) ?? []))
    })
    const url = `http://127.0.0.1:${new URL(wire.url).port}`
    const opened = await openAuthorization({ ...store.choice, url }, { token: null })
    requests.length = 0
    return { ...opened, wire, requests, [Symbol.asyncDispose]: () => wire.close() }
  }

  it('is asked once for a change, however often the unit of work runs again', async () => {
    await using engine = await openWired()
    const permit = engine.authorization.permit('post', 'update')

    await Promise.all([permit(alice, aPost()), permit(alice, aPost())])
    await permit(alice, aPost())
    assert.deepEqual(engine.requests, [`POST /stores/${store.choice.store}/check`])
  })

  it('makes a user a super admin as long as it has the tuple', async () => {
    const { authorization } = await openAuthorization(store.choice, { token: null })
    const rewrite = (text: string) =>
      setUp({ posts: [aPost()], authorization }).postService.rewrite({
        editor: bob,
        id: p1,
        ...postDraft(text),
        expected: null,
      })

    await store.write(superAdminTuple(bob.userId))
    assert.equal((await rewrite('By an admin.')).ownerId, alice.userId)
    await store.delete(superAdminTuple(bob.userId))
    await assert.rejects(rewrite('By nobody.'), Forbidden)
  })

  for (const fault of ['refuse', 'blackhole', 'reset', 'garbage'] as const) {
    it(`allows nothing while it is away (${fault}), soon, and again when it is back`, async () => {
      await using engine = await openWired()
      await engine.wire.set(fault)

      for (const actor of [alice, bob]) {
        const start = performance.now()
        await assert.rejects(
          Promise.resolve(engine.authorization.permit('post', 'update')(actor, aPost())),
          DependencyUnavailable,
        )
        assert.ok(performance.now() - start < 5_000)
      }
      await assert.rejects(engine.ping(), DependencyUnavailable)

      await engine.wire.set('pass')
      for (let tries = 0; ; tries++) {
        const answer = await engine.ping().then(
          () => null,
          (error) => error,
        )
        if (answer === null) break
        if (tries > 100) throw answer
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      await engine.authorization.permit('post', 'update')(alice, aPost())
    })
  }

  it('takes writes and deletions again', async () => {
    const { store: id, model } = store.choice
    const write = createTupleWriter(store.call, async () => ({ store: id ?? '', model: model ?? '' }))
    const tuples = tuplesOf(`post:${p1}`, aPost())

    for (let n = 0; n < 2; n++) await write({ writes: tuples, deletes: [] })
    assert.equal((await store.tuples()).length, 2)
    for (let n = 0; n < 2; n++) await write({ writes: [], deletes: tuples })
    assert.deepEqual(await store.tuples(), [])
  })

  it('with another store or model than the setting says ends the start', async () => {
    for (const ids of [{ store: WRONG_ID }, { model: WRONG_ID }]) {
      await assert.rejects(openAuthorization({ ...store.choice, ...ids }, { token: null }), ServerSetupError)
    }
  })

  it('that is away does not', async () => {
    const { authorization } = await openAuthorization({ ...store.choice, url: 'http://127.0.0.1:9' }, { token: null })

    await assert.rejects(Promise.resolve(authorization.permit('post', 'update')(alice, aPost())), DependencyUnavailable)
  })
})

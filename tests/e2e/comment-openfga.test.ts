import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Client, clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import type { Person } from '../kit/people.ts'
import { openCountedStore, openStage, write } from './openfga-stage.ts'
import { ENGINES, openWorld } from './world.ts'

const [SQLITE] = ENGINES

async function comment(call: Client, author: Person, postId: string): Promise<string> {
  const { status, body } = await call(author, 'POST', '/v1/comments', { body: { postId, text: 'Well.' } })
  assert.equal(status, 201)
  return body.id
}

const idOf = (path: string): string => path.split('/').at(-1) ?? ''

describe('comments with OpenFGA', { skip: SQLITE.skip || skipWithoutOwn('openfga') }, () => {
  it('have tuples of their own, which go with those of their post', async () => {
    await using stage = await openStage()
    const { call, alice, bob, store } = stage
    const post = await write(call, alice)
    const id = await comment(call, bob, idOf(post))
    await stage.settled()
    assert.deepEqual(
      await store.tuples(),
      [
        `system:forum system comment:${id}`,
        `system:forum system post:${idOf(post)}`,
        `user:${alice.id} owner post:${idOf(post)}`,
        `user:${bob.id} owner comment:${id}`,
      ].sort(),
    )

    assert.equal((await call(alice, 'DELETE', post)).status, 204)
    await stage.settled()
    assert.deepEqual(await store.tuples(), [])
  })
})

describe('the deletion of a post with the comments of others', { skip: SQLITE.skip || skipWithout('openfga') }, () => {
  it('costs one call to OpenFGA; to write and list comments costs none', async () => {
    await using store = await openCountedStore()
    await using world = await openWorld(SQLITE)
    await using service = await world.start({ AUTHORIZATION_URL: store.setting })
    const { alice, bob } = world
    const call = clientOf(service)

    store.calls.length = 0
    const post = await write(call, alice)
    for (const who of [alice, bob, bob]) await comment(call, who, idOf(post))
    await until('the tuples follow', async () => (await store.tuples()).length === 8)
    assert.deepEqual(new Set(store.calls).difference(new Set(['read', 'write'])), new Set())

    assert.deepEqual(await store.checksOf(() => call(bob, 'GET', '/v1/comments')), [200, 0])
    assert.deepEqual(await store.checksOf(() => call(alice, 'DELETE', post)), [204, 1])
  })
})

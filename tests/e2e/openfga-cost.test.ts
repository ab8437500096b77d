import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { openCountedStore, write } from './openfga-stage.ts'
import { ENGINES, openWorld } from './world.ts'

const [SQLITE] = ENGINES
const text = { text: 'Hello.' }

describe('a request with OpenFGA', { skip: SQLITE.skip || skipWithout('openfga') }, () => {
  it('costs one call to it where something is changed or deleted, and none where something is read or written', async () => {
    await using store = await openCountedStore()
    await using world = await openWorld(SQLITE)
    await using service = await world.start({ AUTHORIZATION_URL: store.setting })
    const { alice, bob } = world
    const call = clientOf(service)
    const { checksOf } = store

    store.calls.length = 0
    const path = await write(call, alice)
    await write(call, bob)
    await until('the tuples follow', async () => (await store.tuples()).length === 4)
    assert.deepEqual(new Set(store.calls).difference(new Set(['read', 'write'])), new Set())

    assert.deepEqual(await checksOf(() => call(bob, 'GET', path)), [200, 0])
    assert.deepEqual(await checksOf(() => call(bob, 'GET', '/v1/posts')), [200, 0])
    assert.deepEqual(await checksOf(() => call(alice, 'PUT', path, { body: text })), [200, 1])
    assert.deepEqual(await checksOf(() => call(bob, 'PUT', path, { body: text })), [403, 1])
    assert.deepEqual(await checksOf(() => call(alice, 'PUT', path, { body: { text: '' } })), [422, 0])
    assert.deepEqual(await checksOf(() => call(alice, 'DELETE', path, { headers: { 'if-match': '"1"' } })), [412, 1])
    assert.deepEqual(await checksOf(() => call(alice, 'DELETE', path)), [204, 1])
    assert.deepEqual(await checksOf(() => call(alice, 'DELETE', path)), [404, 0])
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Client, clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { openFgaUrl, skipWithout } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { freshOpenFgaStore } from '../kit/openfga.ts'
import type { Person } from '../kit/people.ts'
import { ENGINES, openWorld } from './world.ts'

const [SQLITE] = ENGINES
const CALL = /(?:GET|POST|DELETE) \/stores\/\w+\/([\w-]+)/g

/** A wire to OpenFGA that counts the calls on it. */
async function openCountedStore() {
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await freshOpenFgaStore())
  const calls: string[] = []
  const proxy = opening.use(
    await startFaultProxy(new URL(openFgaUrl ?? ''), (bytes) => {
      for (const [, call = ''] of bytes.toString('latin1').matchAll(CALL)) calls.push(call)
    }),
  )
  const opened = opening.move()
  return {
    calls,
    tuples: store.tuples,
    setting: store.setting.replace(new URL(openFgaUrl ?? '').host, new URL(proxy.url).host),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const text = { text: 'Hello.' }
const write = async (call: Client, who: Person, postId?: unknown) => {
  const [path, body] = postId === undefined ? ['/v1/posts', text] : ['/v1/comments', { ...text, postId }]
  return (await call(who, 'POST', path, { body })).body.id
}

describe('a request with OpenFGA', { skip: SQLITE.skip || skipWithout('openfga') }, () => {
  it('costs one call to it where something is changed or deleted, and none where something is read or written', async () => {
    await using store = await openCountedStore()
    await using world = await openWorld(SQLITE)
    await using service = await world.start({ AUTHORIZATION_URL: store.setting })
    const { alice, bob } = world
    const call = clientOf(service)

    /** What a request asked on its way: what makes the tuples follow asks nothing. */
    async function checksOf(request: () => Promise<{ status: number }>): Promise<readonly number[]> {
      const before = store.calls.filter((name) => name === 'check').length
      const { status } = await request()
      return [status, store.calls.filter((name) => name === 'check').length - before]
    }

    store.calls.length = 0
    const post = await write(call, alice)
    const path = `/v1/posts/${post}`
    for (const who of [alice, bob, bob]) await write(call, who, post)
    await until('the tuples follow', async () => (await store.tuples()).length === 8)
    assert.deepEqual(new Set(store.calls).difference(new Set(['read', 'write'])), new Set())

    assert.deepEqual(await checksOf(() => call(bob, 'GET', path)), [200, 0])
    assert.deepEqual(await checksOf(() => call(bob, 'GET', '/v1/comments')), [200, 0])
    assert.deepEqual(await checksOf(() => call(alice, 'PUT', path, { body: text })), [200, 1])
    assert.deepEqual(await checksOf(() => call(bob, 'PUT', path, { body: text })), [403, 1])
    assert.deepEqual(await checksOf(() => call(alice, 'PUT', path, { body: { text: '' } })), [422, 0])
    assert.deepEqual(await checksOf(() => call(alice, 'DELETE', path, { headers: { 'if-match': '"1"' } })), [412, 1])
    // With the comments of others.
    assert.deepEqual(await checksOf(() => call(alice, 'DELETE', path)), [204, 1])
    assert.deepEqual(await checksOf(() => call(alice, 'DELETE', path)), [404, 0])
  })
})

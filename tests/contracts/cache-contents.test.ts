import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { openRedis } from '../../src/infrastructures/cache/redis/redis-cache.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import { slowWire } from '../kit/slow-wire.ts'
import { aSource } from './opened-cache.ts'
import { MAX_EXTRA_MS, millisecondsOf, useRedis } from './redis-world.ts'

describe('what is in Redis', { skip: skipWithoutOwn('redis') }, () => {
  const world = useRedis()
  let cache: Cache
  let other: Cache

  before(async () => {
    cache = await world().onServer()
    other = await world().onServer()
  })

  const names = async (): Promise<string[]> => ((await world().server.command('KEYS', '*')) as string[]).sort()
  const command = (...words: string[]) => world().server.command(...words)

  async function kept(value: string | null = 'old') {
    const [key, source] = [world().newKey(), aSource<string>(value)]
    await cache.get(key, source.load)
    await cache.ping()
    return { key, source, name: (await names()).find((name) => name.endsWith(`:${JSON.stringify(key)}`)) as string }
  }

  it('has a key with the prefix of the product', async () => {
    await kept()
    await cache.count('someone', 60)

    assert.ok(
      (await names()).every((name) => new RegExp(`^${PRODUCT.namespace}:(cache|count):`).test(name)),
      String(await names()),
    )
  })

  it('ends by itself: an entry after 30 s, a negative entry after 5 s, a count with its window', async () => {
    const [something, nothing] = [await kept(), await kept(null)]
    await cache.count('a window', 60)

    assert.ok(Number(await command('PTTL', something.name)) <= 30_000)
    assert.ok(Number(await command('PTTL', nothing.name)) <= 5_000)
    for (const name of await names()) assert.ok(Number(await command('PTTL', name)) > 0, name)
  })

  it('lives from when the load began, however long that took', async () => {
    const { name, key, source } = await kept()
    await command('DEL', name)
    const release = source.hold()
    const reading = cache.get(key, source.load)
    while (source.loads < 2) await command('PING')

    await command('PEXPIRE', name, '700')
    release()
    await reading
    await cache.ping()

    assert.ok(Number(await command('PTTL', name)) <= 700)
  })

  const spoilt: Record<string, (name: string) => Promise<unknown>> = {
    garbage: (name) => command('SET', name, 'gar\nbage'),
    'garbage that looks well at first': async (name) =>
      command('SET', name, String(await command('GET', name)).replace(/\n.*/s, '\n["')),
    'the entry of another key': async (name) =>
      command('SET', name, String(await command('GET', name)).replace('"book:', '"book:x')),
    nothing: (name) => command('DEL', name),
    'a list': async (name) => [await command('DEL', name), await command('LPUSH', name, 'x')],
    'an empty text': (name) => command('SET', name, ''),
  }

  for (const [what, spoil] of Object.entries(spoilt)) {
    it(`may turn into ${what}: the value is loaded, and kept again`, async () => {
      const { key, source, name } = await kept()
      source.value = 'new'

      await spoil(name)

      assert.equal(await other.get(key, source.load), 'new')
      assert.equal(await cache.get(key, source.load), 'new')
      await cache.get(key, source.load)
      await cache.ping()
      const { hits } = other.stats
      assert.equal(await other.get(key, source.load), 'new')
      assert.equal(other.stats.hits, hits + 1)
    })
  }

  for (const what of ['garbage', 'nothing', 'a list', 'an empty text']) {
    it(`may turn into ${what} where it stores the version of a namespace`, async () => {
      const { key, source } = await kept()
      const version = (await names()).find((name) => name.endsWith(':era:"book"')) as string
      source.value = 'new'

      await spoilt[what]?.(version)

      for (const side of [other, cache, other, cache]) assert.equal(await side.get(key, source.load), 'new')
      await cache.ping()
      const { hits } = other.stats
      await other.get(key, source.load)
      assert.equal(other.stats.hits, hits + 1)
    })
  }

  it('may be a count that is none', async () => {
    await cache.count('counted', 60)
    const name = (await names()).find((one) => one.includes('"counted"')) as string

    await command('SET', name, 'many')

    assert.equal((await cache.count('counted', 60)).used, 1)
    assert.equal((await other.count('counted', 60)).used, 2)
  })

  it('may vanish at any time', async () => {
    const { key, source } = await kept()
    source.value = 'new'
    const { failures } = cache.stats

    await command('FLUSHALL')
    await command('SCRIPT', 'FLUSH')

    assert.equal(await cache.get(key, source.load), 'new')
    assert.equal((await cache.count('flushed', 60)).used, 1)
    assert.equal(cache.stats.failures, failures)
  })

  it('is not kept when it vanished while it was loaded', async () => {
    const { key, source, name } = await kept()
    await command('DEL', name)
    const release = source.hold()
    const early = cache.get(key, source.load)
    while (source.loads < 2) await command('PING')

    source.value = 'new'
    await command('FLUSHALL')
    release()
    await early

    assert.equal(await other.get(key, source.load), 'new')
  })

  it('may have no room: values are loaded, what is there is given, and it is forgotten all the same', async () => {
    const { key, source } = await kept()
    await command('CONFIG', 'SET', 'maxmemory', '1')
    try {
      const { hits } = cache.stats
      const missing = cache.get(world().newKey(), async () => 'loaded')
      assert.equal(await cache.get(key, source.load), 'old')
      assert.equal(await missing, 'loaded')
      assert.equal(cache.stats.hits, hits + 1)
      source.value = 'new'
      await cache.invalidate([key])
      const times = []
      for (let n = 0; n < 20; n++)
        times.push(await millisecondsOf(async () => assert.equal(await other.get(key, source.load), 'new')))
      assert.ok(Math.max(...times) < MAX_EXTRA_MS, `${times}`)
      assert.equal((await cache.count('no room', 60)).used, 1)
      assert.equal((await cache.count('no room', 60)).used, 2)
    } finally {
      await command('CONFIG', 'SET', 'maxmemory', '0')
    }
    await cache.get(key, source.load)
    await cache.ping()
    const { hits } = other.stats
    await other.get(key, source.load)
    assert.equal(other.stats.hits, hits + 1)
  })

  it('is not read by another release, but forgotten by it', async () => {
    const { key, source } = await kept()
    const newer = await world().onServer('2')
    source.value = 'newer'

    assert.equal(await newer.get(key, source.load), 'newer')
    await newer.ping()
    assert.equal(await newer.get(key, source.load), 'newer')
    source.value = 'newest'
    await cache.invalidate([key])

    assert.equal(await newer.get(key, source.load), 'newest')
  })
})

describe('on the wire to Redis', { skip: skipWithoutOwn('redis') }, () => {
  const world = useRedis()
  let wire: Awaited<ReturnType<typeof slowWire>>
  before(async () => {
    wire = await slowWire(new URL(world().server.url), 5)
  })
  after(() => wire?.close())

  it('a copy is one round trip, however many are asked for; so is a forgetting, and so is a count', async () => {
    const cache = await openRedis({ url: wire.url, release: '1', onDisconnected: assert.fail, onReconnected: () => {} })
    const source = aSource<string>('.')
    const keys = [1, 2, 3, 4].map((n) => `book:${n}`)
    const read = () => Promise.all(keys.map((key) => cache.get(key, source.load)))
    await read()
    await cache.count('a', 60)
    await cache.ping()

    assert.equal(await wire.roundTrips(read), 1)
    assert.equal(await wire.roundTrips(() => cache.invalidate(keys, ['review'])), 1)
    assert.equal(await wire.roundTrips(() => cache.count('a', 60)), 1)
    assert.equal(source.loads, 4)
    await cache.close()
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { openCache } from '../../src/infrastructures/cache/open-cache.ts'
import { ServerSetupError } from '../../src/infrastructures/connection/server-setup-error.ts'
import type { Fault } from '../kit/fault-proxy.ts'
import { liveBytes } from '../kit/live-bytes.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import { aSource } from './opened-cache.ts'
import { MAX_EXTRA_MS, millisecondsOf, type RedisWorld, untilItKeeps, useRedis } from './redis-world.ts'

type Trouble = Readonly<{ begin: (world: RedisWorld) => unknown; end: (world: RedisWorld) => unknown }>

const onTheWire = (fault: Fault): Trouble => ({
  begin: ({ proxy }) => proxy.set(fault),
  end: ({ proxy }) => proxy.set('pass'),
})

const TROUBLES: Record<string, Trouble> = {
  'refuses connections': onTheWire('refuse'),
  'is behind a black hole': onTheWire('blackhole'),
  'is slow': onTheWire({ delayMs: 400 }),
  'resets connections': onTheWire('reset'),
  'answers garbage': onTheWire('garbage'),
  'is paused': { begin: ({ server }) => server.pause(), end: ({ server }) => server.resume() },
  'is killed': { begin: ({ server }) => server.kill(), end: ({ server }) => server.start() },
}

/** 200 reads and 200 counts, which go on after the two of before. */
async function useOften(cache: Cache, key: string, load: () => Promise<string | null>): Promise<void> {
  for (let used = 3; used <= 202; used++) {
    assert.equal(await cache.get(key, load), 'new')
    assert.equal((await cache.count(key, 60)).used, used)
  }
}

describe('a Redis that', { skip: skipWithoutOwn('redis') }, () => {
  const world = useRedis()

  for (const [name, { begin, end }] of Object.entries(TROUBLES)) {
    it(`${name} fails no read, delays none by more than 100 ms, returns nothing stale, and is used again within 10 s`, async () => {
      const { onWire, newKey } = world()
      const [writer, reader, crowd] = [await onWire(), await onWire(), await onWire()]
      for (const side of [writer, reader, crowd]) await untilItKeeps(side)
      const [key, source] = [newKey(), aSource<string>('old')]
      for (const side of [writer, reader]) await side.get(key, source.load)
      for (let uses = 0; uses < 2; uses++) await writer.count(key, 60)

      await begin(world())
      source.value = 'new'
      const longest = await millisecondsOf(() =>
        Promise.all(Array.from({ length: 100 }, () => crowd.get(newKey(), source.load))),
      )
      const first = await millisecondsOf(() => writer.invalidate([key]))
      const later = await millisecondsOf(() => useOften(writer, key, source.load))
      await assert.rejects(writer.ping(), DependencyUnavailable)
      await sleep(1_200)
      await end(world())

      assert.ok(longest < MAX_EXTRA_MS, `of 100 at once, one took ${longest} ms`)
      assert.ok(first < MAX_EXTRA_MS, `the first took ${first} ms`)
      assert.ok(later < 400, `400 more took ${later} ms`)
      await untilItKeeps(reader, async () => assert.equal(await reader.get(key, source.load), 'new'))
      await untilItKeeps(writer)
      assert.equal(await writer.get(key, source.load), 'new')
      await writer.ping()
    })
  }

  it('pauses for a moment is used again at once, and has received the invalidations', async () => {
    const { onServer, server, newKey } = world()
    const [writer, reader] = [await onServer(), await onServer()]
    const [first, second, source] = [newKey(), newKey(), aSource<string>('old')]
    for (const key of [first, second]) await reader.get(key, source.load)
    await reader.ping()
    await sleep(50) // whom it was serving when it paused would be served first

    server.pause()
    source.value = 'new'
    const times = [
      await millisecondsOf(() => writer.invalidate([first])),
      await millisecondsOf(() => writer.invalidate([second])),
    ]
    assert.equal(await writer.get(first, source.load), 'new')
    await sleep(100)
    server.resume()

    for (const key of [first, second]) assert.equal(await reader.get(key, source.load), 'new')
    assert.ok((times[0] ?? 0) < MAX_EXTRA_MS && (times[1] ?? 0) < 20, String(times))
    assert.ok((await millisecondsOf(() => untilItKeeps(writer))) < 1_000)
  })

  it('does not answer has the invalidations on their way before the change is acknowledged', async () => {
    const { onServer, server, newKey } = world()
    const [writer, reader] = [await onServer(), await onServer()]
    const [first, second, source] = [newKey(), newKey(), aSource<string>('old')]
    for (const key of [first, second]) await reader.get(key, source.load)
    await reader.ping()
    const copies = async () => (await server.command('KEYS', `*"${second}"`)) as readonly string[]
    assert.equal((await copies()).length, 1)

    server.pause()
    await writer.invalidate([first])
    await writer.invalidate([second])
    await writer.close()
    server.resume()

    assert.deepEqual(await copies(), [])
  })

  it('is cut off from a writer returns stale entries to others only until the writer reaches it again', async () => {
    const { onWire, onServer, proxy, newKey } = world()
    const [writer, reader] = [await onWire(), await onServer()]
    await untilItKeeps(writer)
    const [key, source] = [newKey(), aSource<string>('old')]
    await reader.get(key, source.load)

    await proxy.set('blackhole')
    source.value = 'new'
    await writer.invalidate([key])
    assert.equal(await writer.get(key, source.load), 'new')
    await proxy.set('pass')
    await untilItKeeps(writer)

    assert.equal(await reader.get(key, source.load), 'new')
    assert.equal(await writer.get(key, source.load), 'new')
  })

  it('comes back with what it had saved gives none of it', async () => {
    const { onServer, server, newKey } = world()
    const cache = await onServer()
    const [key, source] = [newKey(), aSource<string>('old')]
    await cache.get(key, source.load)
    await cache.ping()
    await server.command('SAVE')

    source.value = 'new'
    await cache.invalidate([key])
    await server.kill()
    await server.start()
    await untilItKeeps(cache)

    const kept = (await server.command('KEYS', `*${key}*`)) as string[]
    assert.ok(kept.length > 0, 'nothing was saved')
    assert.equal(await cache.get(key, source.load), 'new')
  })

  it('is not there when the service starts is used as soon as it is', async () => {
    const { onWire, proxy, newKey } = world()
    await proxy.set('refuse')
    const cache = await onWire()

    assert.equal(await cache.get(newKey(), async () => 'loaded'), 'loaded')
    await proxy.set('pass')
    await untilItKeeps(cache)
  })

  it('says nothing when the service starts holds it up for a second at most', async () => {
    const { onWire, proxy } = world()
    await proxy.set('blackhole')

    let cache: Cache | undefined
    const time = await millisecondsOf(async () => {
      cache = await onWire()
    })
    await proxy.set('pass')

    assert.ok(time < 1_500, `${time} ms`)
    await untilItKeeps(cache as Cache)
  })

  it('is away for long heaps nothing up', async () => {
    const { onWire, proxy, newKey } = world()
    const cache = await onWire()
    await untilItKeeps(cache)
    await proxy.set('refuse')

    await cache.invalidate([newKey()])
    await sleep(100)
    const before = liveBytes()
    for (let n = 0; n < 200_000; n++) await cache.invalidate([`book:of-long-ago-${n}`])
    const grown = liveBytes() - before

    assert.ok(grown < 8 * 2 ** 20, `${grown} bytes more`)
    await proxy.set('pass')
    await untilItKeeps(cache)
  })

  it('refuses the user is not opened, and the error contains no password', async () => {
    const { proxy } = world()
    const url = new URL(proxy.url)
    url.username = 'nobody'
    url.password = 'canary-in-a-coal-mine'
    const options = { release: '1', onDisconnected: assert.fail, onReconnected: assert.fail }

    const opening = openCache({ kind: 'redis', url: url.href }, options)

    await assert.rejects(opening, (error) => {
      assert.ok(error instanceof ServerSetupError)
      assert.match(error.message, /refuses the credentials/)
      return !`${error} ${error.stack} ${JSON.stringify(error)} ${error.cause}`.includes('canary')
    })
  })
})

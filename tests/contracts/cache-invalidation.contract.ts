import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { aSource, type CacheFeatures, type CacheWorld, untilKept } from './opened-cache.ts'

const WRITES = 1_000

export function describeForgetting(world: () => CacheWorld, { keeps, isShared }: CacheFeatures): void {
  const skip = keeps ? false : 'it keeps nothing'

  describe('what is forgotten', () => {
    it('is loaded anew, here and elsewhere', async () => {
      const { cache, other, newKey } = world()
      const [key, source] = [newKey(), aSource<string>('old')]
      await cache.get(key, source.load)
      await other.get(key, source.load)

      source.value = 'new'
      await cache.invalidate([key])

      assert.equal(await other.get(key, source.load), 'new')
      assert.equal(await cache.get(key, source.load), 'new')
    })

    it('may be that there is nothing', async () => {
      const { cache, other, newKey } = world()
      const [key, source] = [newKey(), aSource<string>(null)]
      await cache.get(key, source.load)

      source.value = 'something'
      await other.invalidate([key])

      assert.equal(await cache.get(key, source.load), 'something')
    })

    it('may be a namespace, of which no entry is left', async () => {
      const { cache, other, newKey } = world()
      const namespace = newKey().split(':')[0] ?? ''
      const keys = [
        namespace,
        `${namespace}:`,
        `${namespace}:1`,
        `${namespace}:a b`,
        `${namespace}:*`,
        `${namespace}:1:2`,
      ]
      const source = aSource<string>('old')
      for (const key of keys) await cache.get(key, source.load)
      for (const key of keys) await other.get(key, source.load)

      source.value = 'new'
      await cache.invalidate([], [namespace])

      for (const key of keys) assert.equal(await other.get(key, source.load), 'new', key)
      for (const key of keys) assert.equal(await cache.get(key, source.load), 'new', key)
    })

    it('is no other key, and no other namespace', { skip }, async () => {
      const { cache, newKey } = world()
      const [key, source] = [newKey(), aSource<string>('old')]
      const namespace = key.split(':')[0] ?? ''
      const strangers = [`${namespace}x:1`, `x${key}`, `:${key}`, newKey()]
      for (const one of [`${key}x`, ...strangers]) await cache.get(one, source.load)

      source.value = 'new'
      await cache.invalidate([key])
      assert.equal(await cache.get(`${key}x`, source.load), 'old')
      await cache.invalidate([], [namespace])

      for (const one of strangers) assert.equal(await cache.get(one, source.load), 'old', one)
    })

    it('may be 25,000 keys at once', async () => {
      const { cache, other, newKey } = world()
      const keys = Array.from({ length: 25_000 }, newKey)
      const some = keys.filter((_, index) => index % 1000 === 0)
      const source = aSource<string>('old')
      for (const key of some) await cache.get(key, source.load)

      source.value = 'new'
      await cache.invalidate(keys)

      for (const key of some) assert.equal(await other.get(key, source.load), 'new')
    })

    it('may be nothing at all', async () => {
      await world().cache.invalidate([])
    })

    it(`is never given again, in ${WRITES} changes${isShared ? ' by two processes' : ''} with four readers each`, async () => {
      const { cache, other, newKey, losses } = world()

      for (let attempts = 0; attempts < 3; attempts++) {
        const before = losses()
        const { stale, reads } = await race(newKey(), [cache, other])
        if (losses() > before) continue

        assert.deepEqual(stale, [])
        assert.ok(reads > WRITES / 2, `${reads} reads`)
        return
      }
      assert.fail('the cache was lost in each of three attempts: this machine is too busy')
    })
  })

  describe('a cache that is asked for many things', () => {
    it('gives each its own', async () => {
      const { cache, other, newKey } = world()
      const keys = Array.from({ length: 300 }, newKey)

      for (const side of [cache, other, cache]) {
        const values = await Promise.all(keys.map((key) => side.get(key, async () => key)))
        assert.deepEqual(values, keys)
        await untilKept(side)
      }
    })
  })
}

/** Changes a value many times, from two sides in turn, while four on each side read it as fast as they can. */
async function race(key: string, [one, other]: readonly [Cache, Cache]) {
  const state = { kept: 0, acknowledged: 0, reads: 0, isOver: false }
  const stale: string[] = []

  async function load() {
    const seen = { version: state.kept }
    for (let turns = state.reads % 3; turns > 0; turns--) await nextTurn()
    return seen
  }

  async function read(side: Cache): Promise<void> {
    while (!state.isOver) {
      const least = state.acknowledged
      const { version } = (await side.get(key, load)) ?? { version: -1 }
      if (version < least) stale.push(`${version} after ${least}`)
      state.reads++
      await nextTurn()
    }
  }

  const readers = [one, one, one, one, other, other, other, other].map(read)
  for (let version = 1; version <= WRITES; version++) {
    state.kept = version
    await (version % 2 === 0 ? one : other).invalidate([key])
    state.acknowledged = version
    for (let turns = version % 4; turns > 0; turns--) await nextTurn()
  }
  state.isOver = true
  await Promise.all(readers)
  return { stale, reads: state.reads }
}

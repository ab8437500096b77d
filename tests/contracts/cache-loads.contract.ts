import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { aBook } from '../kit/library/samples.ts'
import { aSource, type CacheFeatures, type CacheWorld } from './opened-cache.ts'

const failure = new Error('the database is away')

export function describeLoads(world: () => CacheWorld, { keeps }: CacheFeatures): void {
  const skip = keeps ? false : 'it keeps nothing'

  describe('a load', () => {
    it('is one for 200 who miss at once', { skip }, async () => {
      const { cache, newKey } = world()
      const [key, book] = [newKey(), aBook()]
      const source = aSource(book)
      const release = source.hold()

      const asked = Array.from({ length: 200 }, () => cache.get(key, source.load))
      await nextTurn()
      release()

      for (const value of await Promise.all(asked)) assert.deepEqual(value, book)
      assert.equal(source.loads, 1)
    })

    it('is one for 200 who come one after the other while it lasts', { skip }, async () => {
      const { cache, newKey } = world()
      const [key, source] = [newKey(), aSource(aBook())]
      const release = source.hold()

      const asked: Promise<unknown>[] = []
      for (let each = 0; each < 200; each++) {
        asked.push(cache.get(key, source.load))
        await nextTurn()
      }
      setTimeout(release, 20)
      await Promise.all(asked)

      assert.equal(source.loads, 1)
    })

    it('rejects all waiting reads when it fails, and is not stored', async () => {
      const { cache, newKey } = world()
      const key = newKey()
      let attempts = 0
      const fail = async () => {
        attempts++
        throw failure
      }

      const settled = await Promise.allSettled([1, 2, 3].map(() => cache.get(key, fail)))

      assert.deepEqual(
        settled,
        [1, 2, 3].map(() => ({ status: 'rejected', reason: failure })),
      )
      assert.equal(attempts, keeps ? 1 : 3)
      assert.equal(await cache.get(key, async () => 'now'), 'now')
    })

    it('may throw at once', async () => {
      const { cache, newKey } = world()
      const key = newKey()
      const fail = () => {
        throw failure
      }

      await assert.rejects(cache.get(key, fail), failure)
      assert.equal(await cache.get(key, async () => 'now'), 'now')
    })

    for (const [whose, side] of [
      ['this', 'cache'],
      ['another', 'other'],
    ] as const) {
      it(`is not joined, and not kept, once ${whose} process invalidated the key meanwhile`, async () => {
        const { cache, other, newKey } = world()
        const { key, source, early, release } = await begunWhileOld(cache, newKey())

        await (side === 'cache' ? cache : other).invalidate([key])
        source.held = Promise.resolve()
        const during = await cache.get(key, source.load)
        release()

        assert.equal(during, 'new')
        assert.equal(await early, 'old')
        assert.equal(await cache.get(key, source.load), 'new')
        assert.equal(await other.get(key, source.load), 'new')
      })

      it(`is not joined, and not kept, once ${whose} process invalidated the namespace meanwhile`, async () => {
        const { cache, other, newKey } = world()
        const { key, source, early, release } = await begunWhileOld(cache, newKey())

        await (side === 'cache' ? cache : other).invalidate([], [key.split(':')[0] ?? ''])
        source.held = Promise.resolve()
        const during = await other.get(key, source.load)
        release()

        assert.equal(during, 'new')
        assert.equal(await early, 'old')
        assert.equal(await cache.get(key, source.load), 'new')
        assert.equal(await other.get(key, source.load), 'new')
      })
    }

    it('that ends after the key was invalidated is not stored', async () => {
      const { cache, other, newKey } = world()
      const { key, source, early, release } = await begunWhileOld(cache, newKey())

      await other.invalidate([key])
      release()
      await early

      assert.equal(await cache.get(key, source.load), 'new')
      assert.equal(await other.get(key, source.load), 'new')
    })
  })
}

/** A load that has begun and will not end before it is released, of a value that has changed since. */
async function begunWhileOld(cache: Cache, key: string) {
  const source = aSource<string>('old')
  const release = source.hold()
  const early = cache.get(key, source.load)
  while (source.loads === 0) await nextTurn()
  source.value = 'new'
  return { key, source, early, release }
}

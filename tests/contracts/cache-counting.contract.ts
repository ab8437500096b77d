import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CacheFeatures, CacheWorld } from './opened-cache.ts'

export function describeCounting(world: () => CacheWorld, { isShared }: CacheFeatures): void {
  describe('counting', () => {
    it('counts each use', async () => {
      const { cache, newKey } = world()
      const key = newKey()

      const usages = await Promise.all([1, 2, 3].map(() => cache.count(key, 60)))

      assert.deepEqual(usages.map(({ used }) => used).sort(), [1, 2, 3])
    })

    it('says when the window ends, which further uses do not put off', async () => {
      const { cache, newKey } = world()
      const key = newKey()

      const first = await cache.count(key, 10)
      await sleep(50)
      const second = await cache.count(key, 10)

      assert.ok(first.resetsInMs > 9_000 && first.resetsInMs <= 10_000, `${first.resetsInMs}`)
      assert.ok(second.resetsInMs <= first.resetsInMs - 40, `${second.resetsInMs} after ${first.resetsInMs}`)
    })

    it('starts anew when the window is over', async () => {
      const { cache, newKey } = world()
      const key = newKey()
      for (let uses = 0; uses < 3; uses++) await cache.count(key, 1)

      await sleep(1_050)

      assert.equal((await cache.count(key, 1)).used, 1)
    })

    it('keeps keys apart, and windows of different length', async () => {
      const { cache, newKey } = world()
      const key = newKey()

      await cache.count(key, 60)

      assert.equal((await cache.count(`${key} `, 60)).used, 1)
      assert.equal((await cache.count(key, 61)).used, 1)
      assert.equal((await cache.count(key, 60)).used, 2)
    })

    it('is not changed by invalidation, and does not change cache entries', async () => {
      const { cache, newKey } = world()
      const key = newKey()
      await cache.count(key, 60)

      assert.equal(await cache.get(key, async () => 'a value'), 'a value')
      await cache.invalidate([key], [key.split(':')[0] ?? ''])

      assert.equal((await cache.count(key, 60)).used, 2)
    })

    it('is shared by all processes', { skip: isShared ? false : 'it is for one process' }, async () => {
      const { cache, other, newKey } = world()
      const key = newKey()

      const usages = await Promise.all([cache, other, cache, other].map((side) => side.count(key, 60)))

      assert.deepEqual(usages.map(({ used }) => used).sort(), [1, 2, 3, 4])
      assert.ok(usages.every(({ resetsInMs }) => resetsInMs > 59_000 && resetsInMs <= 60_000))
    })
  })
}

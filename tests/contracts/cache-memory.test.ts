import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryCache } from '../../src/infrastructures/cache/memory/memory-cache.ts'
import { skipWithout } from '../kit/engines.ts'
import { describeCache } from './cache.contract.ts'
import { aSource } from './opened-cache.ts'

async function open() {
  const cache = memoryCache()
  return { cache, close: () => cache.close() }
}

const skip = skipWithout('memory')
describeCache('the memory cache', open, { keeps: true, isShared: false, skip })

describe('the memory cache is bounded:', { skip }, () => {
  it('so many entries', async () => {
    const cache = memoryCache({ entries: 100 })
    const source = aSource('.')
    for (let n = 0; n < 1_000; n++) await cache.get(`book:${n}`, source.load)

    for (let n = 999; n >= 0; n--) await cache.get(`book:${n}`, source.load)

    assert.equal(cache.stats.hits, 100)
  })

  it('so many bytes', async () => {
    const cache = memoryCache({ bytes: 100_000 })
    const source = aSource({ text: 'x'.repeat(1_000) })
    for (let n = 0; n < 1_000; n++) await cache.get(`book:${n}`, source.load)

    for (let n = 999; n >= 0; n--) await cache.get(`book:${n}`, source.load)

    assert.ok(cache.stats.hits > 30 && cache.stats.hits < 60, `${cache.stats.hits} hits`)
  })

  it('nothing that is larger than all of it', async () => {
    const cache = memoryCache({ bytes: 1_000 })
    const source = aSource('x'.repeat(1_000))

    for (let n = 0; n < 3; n++) assert.equal((await cache.get('book:1', source.load))?.length, 1_000)

    assert.equal(cache.stats.hits, 0)
  })

  it('so much time, and less for what is not there', async () => {
    const clock = { time: 1_000 }
    const cache = memoryCache({ uptime: () => clock.time })
    const [something, nothing] = [aSource('.'), aSource(null)]
    const readBoth = () => Promise.all([cache.get('book:1', something.load), cache.get('book:2', nothing.load)])
    await readBoth()

    clock.time = 5_999
    await readBoth()
    assert.deepEqual([something.loads, nothing.loads], [1, 1])
    clock.time = 6_001
    await readBoth()
    assert.deepEqual([something.loads, nothing.loads], [1, 2])
    clock.time = 31_001
    await readBoth()
    assert.deepEqual([something.loads, nothing.loads], [2, 3])
  })
})

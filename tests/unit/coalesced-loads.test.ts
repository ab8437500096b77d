import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createCoalescedLoads } from '../../src/infrastructures/cache/redis/coalesced-loads.ts'

function setUp() {
  const kept = Promise.withResolvers<void>()
  const leases: string[] = []
  const loads = createCoalescedLoads(
    async (_key, lease) => {
      leases.push(lease)
      await kept.promise
    },
    () => {},
  )
  let count = 0
  return { loads, leases, finishKeeping: kept.resolve, load: async () => `load ${++count}` }
}

describe('a load under a lease', () => {
  it('is joined until its value is kept: an earlier caller may get the lease later', async () => {
    const { loads, load, finishKeeping } = setUp()

    const first = await loads.withLease('a lease', 'post:1', load)
    await nextTurn()
    const second = await loads.withLease('a lease', 'post:1', load)
    finishKeeping()
    await nextTurn()
    const third = await loads.withLease('a lease', 'post:1', load)

    assert.deepEqual([first, second, third], ['load 1', 'load 1', 'load 2'])
  })

  it('is not joined under another lease, nor for another key', async () => {
    const { loads, load, leases } = setUp()

    const values = await Promise.all([
      loads.withLease('a lease', 'post:1', load),
      loads.withLease('a newer lease', 'post:1', load),
      loads.withLease('a lease', 'post:2', load),
      loads.withLease('a newer lease', 'post:1', load),
    ])

    assert.deepEqual(values, ['load 1', 'load 2', 'load 3', 'load 2'])
    assert.deepEqual(leases, ['a lease', 'a newer lease', 'a lease'])
  })

  it('keeps nothing when it fails, and is not joined any more', async () => {
    const { loads, load, leases } = setUp()
    const failing = loads.withLease('a lease', 'post:1', () => Promise.reject(new Error('away')))

    await assert.rejects(failing, /away/)
    await nextTurn()

    assert.equal(await loads.withLease('a lease', 'post:1', load), 'load 1')
    assert.deepEqual(leases, ['a lease'])
  })
})

describe('a load without a lease', () => {
  it('is shared by those who ask before it begins', async () => {
    const { loads, load } = setUp()

    const early = [loads.coalesce('post:1', load), loads.coalesce('post:1', load), loads.coalesce('post:2', load)]
    await nextTurn()
    const late = loads.coalesce('post:1', load)

    assert.deepEqual(await Promise.all([...early, late]), ['load 1', 'load 1', 'load 2', 'load 3'])
  })
})

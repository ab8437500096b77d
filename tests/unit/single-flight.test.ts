import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { singleFlight } from '../../src/patterns/single-flight.ts'

describe('a task that is shared', () => {
  it('runs once for all who ask while it runs, and anew for who asks after it', async () => {
    let runs = 0
    const ask = singleFlight(async () => ++runs)

    assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [1, 1, 1])
    assert.equal(await ask(), 2)
  })

  it('fails for all callers while it runs, and for none after it', async () => {
    const outcomes = [Promise.reject(new Error('away')), Promise.resolve('back')]
    const ask = singleFlight(() => outcomes.shift() ?? assert.fail('once more'))

    const asked = await Promise.allSettled([ask(), ask()])

    assert.deepEqual(
      asked.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.equal(await ask(), 'back')
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pruneAll, retentionOf } from '../../src/infrastructures/store/pruning.ts'

const RETENTION = { publishedMs: 1_000, handledMs: 3_000 }

/** A store from which so many steps remove something. */
function storeOf(full: number) {
  const store = { steps: 0, prune: async () => ++store.steps <= full }
  return store
}

describe('pruning', () => {
  it('goes on while a step may have left something', async () => {
    const store = storeOf(2)

    await pruneAll(store, RETENTION, () => false)

    assert.equal(store.steps, 3)
  })

  it('ends after the current step when it is to stop', { timeout: 5_000 }, async () => {
    const store = storeOf(100)

    await pruneAll(store, RETENTION, () => store.steps === 2)

    assert.equal(store.steps, 2)
  })

  it('follows a retention that changes, but keeps the inbox for the longest one', () => {
    let publishedMs = 2_000
    const retention = retentionOf(() => publishedMs)
    const seen = [retention()]
    for (const next of [1_000, 5_000, 3_000]) {
      publishedMs = next
      seen.push(retention())
    }

    assert.deepEqual(seen, [
      { publishedMs: 2_000, handledMs: 6_000 },
      { publishedMs: 1_000, handledMs: 6_000 },
      { publishedMs: 5_000, handledMs: 15_000 },
      { publishedMs: 3_000, handledMs: 15_000 },
    ])
  })
})

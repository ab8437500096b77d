import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pruneAll } from '../../src/infrastructures/store/pruning.ts'

/** A store from which so many steps remove something. */
function storeOf(full: number) {
  const store = { steps: 0, prune: async () => ++store.steps <= full }
  return store
}

describe('pruning', () => {
  it('goes on while a step may have left something', async () => {
    const store = storeOf(2)

    await pruneAll(store, 1_000, () => false)

    assert.equal(store.steps, 3)
  })

  it('ends after the step at hand when it is to stop', { timeout: 5_000 }, async () => {
    const store = storeOf(100)

    await pruneAll(store, 1_000, () => store.steps === 2)

    assert.equal(store.steps, 2)
  })
})

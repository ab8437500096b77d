import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { groupCommit } from '../../src/patterns/group-commit.ts'

describe('a group commit', () => {
  it('takes all that came in one turn as one group, and all that came while it ran as the next', async () => {
    const groups: (readonly number[])[] = []
    const [started, first] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const commit = groupCommit<number>(async (items) => {
      groups.push(items)
      started.resolve()
      if (groups.length === 1) await first.promise
    }, setImmediate)

    const all = [commit(1), commit(2)]
    await started.promise
    all.push(commit(3))
    await new Promise(setImmediate)
    all.push(commit(4))
    first.resolve()
    await Promise.all(all)
    await commit(5)

    assert.deepEqual(groups, [[1, 2], [3, 4], [5]])
  })

  it('fails for all of a group, and for no other', async () => {
    const commit = groupCommit<string>(async (items) => {
      if (items.includes('bad')) throw new Error('refused')
    }, setImmediate)

    await commit('before')
    const settled = await Promise.allSettled([commit('bad'), commit('beside')])

    assert.deepEqual(
      settled.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    await commit('after')
  })
})

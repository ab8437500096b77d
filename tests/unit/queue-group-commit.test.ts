import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { groupCommit } from '../../src/infrastructures/message-queue/group-commit.ts'

describe('a group commit', () => {
  it('takes all that came meanwhile as one group, after the one that runs', async () => {
    const groups: (readonly number[])[] = []
    const first = Promise.withResolvers<void>()
    const commit = groupCommit<number>(async (items) => {
      groups.push(items)
      if (groups.length === 1) await first.promise
    })

    const all = [commit(1), commit(2), commit(3)]
    assert.deepEqual(groups, [[1]])
    first.resolve()
    await Promise.all(all)

    assert.deepEqual(groups, [[1], [2, 3]])
  })

  it('fails for all of a group, and for no other', async () => {
    const commit = groupCommit<string>(async (items) => {
      if (items.includes('bad')) throw new Error('refused')
    })

    const settled = await Promise.allSettled([commit('before'), commit('bad'), commit('beside')])

    assert.deepEqual(
      settled.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected'],
    )
    await commit('after')
  })
})

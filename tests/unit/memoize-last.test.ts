import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoizeLast } from '../../src/patterns/memoize-last.ts'

describe('a function that memoizes its last result', () => {
  it('works once for the same in a row, and anew for what is other', () => {
    const done: number[] = []
    const double = memoizeLast((input: number) => {
      done.push(input)
      return input * 2
    })

    assert.deepEqual([1, 1, 2, 2, 1].map(double), [2, 2, 4, 4, 2])
    assert.deepEqual(done, [1, 2, 1])
  })

  it('memoizes undefined, too', () => {
    let asked = 0
    const ask = memoizeLast((_: string) => {
      asked++
      return undefined
    })

    ask('')
    ask('')

    assert.equal(asked, 1)
  })
})

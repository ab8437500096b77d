import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { pageOf } from '../../src/patterns/page.ts'

const itself = (item: number) => item

describe('cutting a page', () => {
  it('keeps so many items, and points after the last of them when more were found', () => {
    assert.deepEqual(pageOf([1, 2, 3], 2, itself, 10), { items: [1, 2], next: 2, total: 10 })
  })

  it('points nowhere when no more were found', () => {
    assert.deepEqual(pageOf([1, 2], 2, itself, null), { items: [1, 2], next: null, total: null })
    assert.deepEqual(pageOf([], 2, itself, 0), { items: [], next: null, total: 0 })
  })

  it('page after page, gives each item once, in order', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.integer({ min: 1, max: 10 }), (count, limit) => {
        const all = Array.from({ length: count }, (_, index) => index + 1)
        const seen: number[] = []
        let after: number | null = 0

        while (after !== null) {
          const page = pageOf(all.slice(after, after + limit + 1), limit, itself, null) as ReturnType<
            typeof pageOf<number, number>
          >
          seen.push(...page.items)
          after = page.next
        }

        assert.deepEqual(seen, all)
      }),
    )
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Sort } from '../../src/domains/ports/list-query.ts'
import type { Aggregate } from '../../src/infrastructures/store/aggregate.ts'
import { nameOf, SORTS } from '../kit/sorts.ts'
import { type AggregateWorld, type Fields, otherThan } from './aggregate-world.ts'

type Listed = Fields & Readonly<{ id: string }>

const ALL = { after: null, limit: 10_000 } as const
const START = Date.parse('2026-03-01T12:00:00.123Z')
const at = (n: number): Date => new Date(START + n)

/** Created and changed in opposite orders, some at the same time. */
const TIMES = [0, 1, 1, 2].map((n) => ({ createdAt: at(n), updatedAt: at(10 - n) }))

/** What the description of an aggregate says of its lists: each filter, in each order. */
export function describeAggregateLists(aggregate: Aggregate, world: () => AggregateWorld): void {
  const { columns, lists } = aggregate
  const sorts = SORTS.filter((sort) => lists.orders.includes(sort.by))
  if (sorts.length === 0) return

  /** What is asked for always, and shared by all that is listed here. */
  async function scope(): Promise<Fields> {
    if (lists.requiredFilter === null) return {}
    return { [lists.requiredFilter]: (await world().prepared(aggregate))[lists.requiredFilter] }
  }

  async function keepAll(fields: Fields): Promise<readonly Listed[]> {
    const kept: Listed[] = []
    for (const times of TIMES) {
      const known = Object.entries(times).filter(([field]) => columns[field] !== undefined)
      kept.push(await world().kept(aggregate, { ...fields, ...Object.fromEntries(known) }))
    }
    return kept
  }

  /** Asserts that of all that this test keeps a list has what is wanted, in every order, from any place on, and counts it. */
  async function assertListed(filter: Fields, wanted: readonly Listed[], unwanted: readonly Listed[]): Promise<void> {
    const reader = world().driver.reader(aggregate)
    const ours = new Set([...wanted, ...unwanted].map(({ id }) => id))
    const listed = async (sort: Sort, after: Readonly<{ at: Date; id: string }> | null) =>
      (await reader.list({ ...ALL, filter, sort, after })).filter(({ id }) => ours.has(id))

    for (const sort of sorts) {
      const inOrder = sorted(sort, wanted)
      const second = inOrder[1] ?? assert.fail('too few')
      assert.deepEqual(await listed(sort, null), inOrder, nameOf(sort))
      assert.deepEqual(
        await listed(sort, { at: timeOf(sort, second), id: second.id }),
        inOrder.slice(2),
        `after, ${nameOf(sort)}`,
      )
      assert.equal((await reader.list({ ...ALL, filter, sort, limit: 2 })).length, 2)
    }
    const { length } = await reader.list({ ...ALL, filter, sort: sorts[0] as Sort })
    assert.equal(await reader.count(filter), length)
  }

  describe('is listed in every order', () => {
    it('among all', async () => {
      const shared = await scope()

      await assertListed(shared, await keepAll(shared), [])
    })

    it('among those of a time', async () => {
      const shared = await scope()
      const kept = await keepAll(shared)
      const isWanted = ({ createdAt }: Fields) =>
        Number(createdAt) >= Number(at(1)) && Number(createdAt) < Number(at(2))

      await assertListed(
        { ...shared, createdFrom: at(1), createdTo: at(2) },
        kept.filter(isWanted),
        kept.filter((one) => !isWanted(one)),
      )
    })

    for (const field of lists.filters) {
      it(`among those of one ${field}`, async () => {
        const shared = await scope()
        const { [field]: value } = { ...(await world().prepared(aggregate)), ...shared }
        const isReference = aggregate.references.some((reference) => reference.field === field)
        const column = columns[field] ?? assert.fail()
        const others = isReference ? {} : { ...shared, [field]: otherThan(value, column) }
        const fields = { ...shared, [field]: value }

        await assertListed(fields, await keepAll(fields), await keepAll(others))
      })
    }

    for (const [flag, field] of Object.entries(lists.flags)) {
      it(`among those that are ${flag}`, async () => {
        const shared = await scope()
        const [flagged, others] = [await keepAll({ ...shared, [field]: null }), await keepAll(shared)]

        await assertListed({ ...shared, [flag]: true }, flagged, others)
        await assertListed({ ...shared, [flag]: false }, [...flagged, ...others], [])
      })
    }
  })
}

const timeOf = (sort: Sort, state: Fields): Date => state[sort.by] as Date

function sorted(sort: Sort, states: readonly Listed[]): readonly Listed[] {
  const rising = states.toSorted(
    (one, other) => timeOf(sort, one).getTime() - timeOf(sort, other).getTime() || (one.id < other.id ? -1 : 1),
  )
  return sort.direction === 'descending' ? rising.reverse() : rising
}

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { Conflict } from '../../src/domains/errors/change-errors.ts'
import type { Aggregate, Aggregates } from '../../src/infrastructures/store/aggregate.ts'
import { describeAggregateLists } from './aggregate-lists.contract.ts'
import { describeAggregateRemoval } from './aggregate-removal.contract.ts'
import {
  type AggregateWorld,
  aggregateWorld,
  changed,
  emptied,
  type Fields,
  otherThan,
  type SamplesOf,
} from './aggregate-world.ts'
import type { Opened } from './opened.ts'
import { STORE_ENGINES } from './store-engines.ts'

/** All that descriptions promise of the aggregates that they describe, on each engine. */
export function describeAggregates<Of extends Aggregates>(aggregates: Of, samples: SamplesOf<Of>): void {
  const of = new Map(Object.entries(aggregates).map(([name, aggregate]) => [aggregate, samples[name] as Fields]))
  for (const [aggregate, sample] of of) describeSample(aggregate, sample)

  for (const [name, { open, skip }] of Object.entries(STORE_ENGINES)) {
    describe(`in ${name}`, { skip }, () => {
      let opened: Opened | undefined
      before(async () => {
        opened = await open(aggregates)()
      })
      after(() => opened?.close())
      const world = () => aggregateWorld(opened ?? assert.fail('the store did not open'), aggregates, of)

      for (const aggregate of of.keys()) describeAggregate(aggregate, aggregates, world)
    })
  }
}

/** A field that is null in the sample would be tried nowhere, and one that is not kept would not be missed. */
function describeSample({ type, columns }: Aggregate, sample: Fields): void {
  it(`the sample of a ${type} has each field that is kept, none of them null, and no other`, () => {
    assert.deepEqual(
      Object.keys(columns).filter((field) => sample[field] === null || sample[field] === undefined),
      [],
      'these fields of the sample are null',
    )
    assert.deepEqual(
      Object.keys(sample).filter((field) => columns[field] === undefined),
      [],
      'these fields of the sample are not kept',
    )
  })
}

function describeAggregate(aggregate: Aggregate, aggregates: Aggregates, world: () => AggregateWorld): void {
  describe(`a ${aggregate.type}`, () => {
    describeKeeping(aggregate, world)
    describeSaving(aggregate, world)
    describeRefusals(aggregate, world)
    describeAggregateLists(aggregate, world)
    describeAggregateRemoval(aggregate, aggregates, world)
  })
}

function describeKeeping(aggregate: Aggregate, world: () => AggregateWorld): void {
  it('is found as it was added, and its event has the described fields', async () => {
    const { driver, kept, eventsOf } = world()

    const state = await kept(aggregate)

    assert.deepEqual(await driver.reader(aggregate).find(state.id), state)
    assert.deepEqual(await driver.reader(aggregate).get(state.id), state)
    assert.deepEqual(
      (await eventsOf(state.id, 1)).map(({ data }) => data),
      aggregate.removed === null ? [] : [inJson(pick(state, aggregate.removed.fields))],
    )
  })

  it('is missed by the error that says so', async () => {
    const { reader } = world().driver

    assert.equal(await reader(aggregate).find(randomUUID()), null)
    await assert.rejects(reader(aggregate).get(randomUUID()), aggregate.notFound)
  })

  it('comes back with nothing in all fields that may be empty, filled later, and emptied again where it may be', async () => {
    const { driver, prepared, commit } = world()
    const { find } = driver.reader(aggregate)
    const full = await prepared(aggregate)
    const next = (n: number) => (aggregate.removed === null ? {} : { version: n })
    const once = Object.entries(aggregate.columns).filter(([, { isWrittenOnce }]) => isWrittenOnce)
    const staying = Object.fromEntries(once.map(([field]) => [field, full[field]]))

    await commit('add', aggregate, emptied(aggregate, full))
    assert.deepEqual(await find(full.id), emptied(aggregate, full))
    await commit('save', aggregate, { ...full, ...next(2) })
    assert.deepEqual(await find(full.id), { ...full, ...next(2) })
    await commit('save', aggregate, { ...emptied(aggregate, full), ...next(3) })
    assert.deepEqual(await find(full.id), { ...emptied(aggregate, full), ...staying, ...next(3) })
  })
}

function describeSaving(aggregate: Aggregate, world: () => AggregateWorld): void {
  it('changes in every field that may change, and in no other', async () => {
    const { driver, kept, commit } = world()
    const state = await kept(aggregate)
    const next = changed(aggregate, state, () => true)

    await commit('save', aggregate, next)

    const stays = (field: string) => aggregate.columns[field]?.isImmutable || aggregate.columns[field]?.isWrittenOnce
    const expected = Object.entries(next).map(([field, value]) => [field, stays(field) ? state[field] : value])
    assert.deepEqual(await driver.reader(aggregate).find(state.id), Object.fromEntries(expected))
  })

  if (aggregate.removed === null) {
    it('does not come back when it is saved after it has gone', async () => {
      const { driver, kept, commit } = world()
      const state = await kept(aggregate)
      await commit('remove', aggregate, state)

      await commit('save', aggregate, state)

      assert.equal(await driver.reader(aggregate).find(state.id), null)
    })
    return
  }

  it('is saved once in each version, and removed in the last one alone', async () => {
    const { driver, kept, commit } = world()
    const state = await kept(aggregate)
    const [second, fourth] = [2, 4].map((version) => ({ ...state, version }))
    assert.ok(second && fourth)
    await commit('save', aggregate, second)

    await assert.rejects(commit('save', aggregate, second), Conflict)
    await assert.rejects(commit('save', aggregate, fourth), Conflict)
    await assert.rejects(commit('remove', aggregate, second), Conflict)

    assert.deepEqual(await driver.reader(aggregate).find(state.id), second)
  })
}

function describeRefusals(aggregate: Aggregate, world: () => AggregateWorld): void {
  it('is refused under an id that is taken', async () => {
    const { driver, kept, commit } = world()
    const state = await kept(aggregate)

    await assert.rejects(
      commit(
        'add',
        aggregate,
        changed(aggregate, state, ({ isImmutable }) => !isImmutable),
      ),
      Conflict,
    )

    assert.deepEqual(await driver.reader(aggregate).find(state.id), state)
  })

  for (const { field, to, requires, otherwise } of aggregate.references) {
    const refused = async (fields: Fields) => {
      const { driver, prepared, commit, eventsOf } = world()
      const state = await prepared(aggregate, fields)

      await assert.rejects(commit('add', aggregate, state), otherwise)

      assert.equal(await driver.reader(aggregate).find(state.id), null)
      assert.deepEqual(await eventsOf(state.id, 1), [])
    }

    it(`is refused for a ${to.type} (${field}) that is not there`, () => refused({ [field]: randomUUID() }))

    for (const [demanded, wanted] of Object.entries(requires ?? {})) {
      it(`is refused for a ${to.type} (${field}) whose ${demanded} is not ${wanted}`, async () => {
        const { kept, sampleOf } = world()
        const column = to.columns[demanded] ?? assert.fail(`${to.type} has no ${demanded}`)
        const unfit = wanted === null ? sampleOf(to)[demanded] : otherThan(wanted, column)

        const target = await kept(to, { ...requires, [demanded]: unfit })

        await refused({ [field]: target.id })
      })
    }
  }
}

const pick = (state: Fields, fields: readonly string[]): Fields =>
  Object.fromEntries(fields.map((field) => [field, state[field]]))
const inJson = (data: unknown): unknown => JSON.parse(JSON.stringify(data))

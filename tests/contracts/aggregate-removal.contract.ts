import assert from 'node:assert/strict'
import { it } from 'node:test'
import { notBefore } from '../../src/domains/entities/version.ts'
import { type Aggregate, type Aggregates, dependentsOf } from '../../src/infrastructures/store/aggregate.ts'
import { type AggregateWorld, demandsOn, emptied, eventOf, type Known } from './aggregate-world.ts'

type Member = Readonly<{ of: Aggregate; state: Known }>

const LATER = new Date('2026-06-01T12:00:00.789Z')

/** What the descriptions say of a removal: what goes with it, and the event of each that goes. */
export function describeAggregateRemoval(
  aggregate: Aggregate,
  aggregates: Aggregates,
  world: () => AggregateWorld,
): void {
  const dependents = dependentsOf(aggregate, aggregates)
  const names = [...new Set(dependents.map(({ type }) => type))]

  /** One, and for each way in which something may hang on it one that hangs so, whatever else it refers to. */
  async function family(): Promise<readonly Member[]> {
    const members: Member[] = [
      { of: aggregate, state: await world().kept(aggregate, demandsOn(aggregate, aggregates)) },
    ]
    for (const of of dependents.toReversed()) {
      const ties = of.references.flatMap(({ field, to }) =>
        members.filter((one) => one.of === to).map(({ state }) => ({ [field]: state.id })),
      )
      for (const tie of ties) {
        members.push({ of, state: await world().kept(of, tie) })
        members.push({ of, state: await world().kept(of, emptied(of, tie)) })
      }
    }
    return members
  }

  it(`is removed with all that hangs on it (${names.join(', ') || 'nothing'}), each with its last event`, async () => {
    const { driver, commit, eventsOf } = world()
    const [root, ...others] = await family()
    const bystanders = await family()
    assert.ok(root)

    const last = lastOf(aggregate, root.state)
    await commit('remove', aggregate, last)

    assert.deepEqual(await driver.reader(aggregate).find(root.state.id), aggregate.hasTombstone ? last : null)
    for (const { of, state } of others) assert.equal(await driver.reader(of).find(state.id), null, of.type)
    for (const { of, state } of [root, ...others]) {
      assert.deepEqual(inJson(await eventsOf(state.id, 2)), inJson(lastEventsOf(of, state)), of.type)
    }
    for (const { of, state } of bystanders) assert.deepEqual(await driver.reader(of).find(state.id), state)
  })
}

function lastOf({ removed }: Aggregate, state: Known): Known {
  if (removed === null) return state
  return { ...state, version: 2, updatedAt: notBefore(state['updatedAt'] as Date, LATER) }
}

function lastEventsOf(of: Aggregate, state: Known): readonly object[] {
  const event = eventOf(of, lastOf(of, state))
  return event === null ? [] : [event]
}

const inJson = (data: unknown): unknown => JSON.parse(JSON.stringify(data))

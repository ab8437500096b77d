import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aggregate } from '../../src/infrastructures/store/aggregate.ts'
import { createStore } from '../../src/infrastructures/store/create-store.ts'
import { memoryDriver } from '../../src/infrastructures/store/memory/memory-driver.ts'

type Thing = Readonly<{ id: string; createdAt: Date }>
const things = aggregate<Thing>({ type: 'thing', table: 'things', columns: {}, notFound: Error })
const thing: Thing = { id: '4711', createdAt: new Date(0) }

function setUp() {
  const told: boolean[] = []
  const driver = memoryDriver({ things })
  const kept = driver.reader(things)
  const onCommit = () => void kept.find(thing.id).then((found) => told.push(found !== null))
  return { told, store: createStore(driver, { aggregates: { things }, views: {} }, { onCommit }) }
}

describe('the commit hook', () => {
  it('is called after the commit', async () => {
    const { told, store } = setUp()

    await store.transact(({ things }) => things.add(thing))

    assert.deepEqual(told, [true])
  })

  it('is not called after a unit of work that changed nothing, or failed', async () => {
    const { told, store } = setUp()

    await store.transact(({ things }) => things.find(thing.id))
    await assert.rejects(
      store.transact(async ({ things }) => {
        await things.add(thing)
        throw new Error('no')
      }),
      /^Error: no$/,
    )

    assert.deepEqual(told, [])
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aggregate } from '../../src/infrastructures/store/aggregate.ts'
import { createStore } from '../../src/infrastructures/store/create-store.ts'
import { memoryDriver } from '../../src/infrastructures/store/memory/memory-driver.ts'

type Thing = Readonly<{ id: string; createdAt: Date }>
const things = aggregate<Thing>({ type: 'thing', table: 'things', columns: {}, notFound: Error })
const thing: Thing = { id: '4711', createdAt: new Date(0) }

function setUp() {
  const visible: boolean[] = []
  const driver = memoryDriver({ things })
  const kept = driver.reader(things)
  const onCommit = () => void kept.find(thing.id).then((found) => visible.push(found !== null))
  return { visible, store: createStore(driver, { aggregates: { things }, views: {} }, { onCommit }) }
}

describe('the commit hook', () => {
  it('is called after the commit', async () => {
    const { visible, store } = setUp()

    await store.transact(({ things }) => things.add(thing))

    assert.deepEqual(visible, [true])
  })

  it('is not called after a unit of work that changed nothing, or failed', async () => {
    const { visible, store } = setUp()

    await store.transact(({ things }) => things.find(thing.id))
    await assert.rejects(
      store.transact(async ({ things }) => {
        await things.add(thing)
        throw new Error('no')
      }),
      /^Error: no$/,
    )

    assert.deepEqual(visible, [])
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import { DuplicateMessage } from '../../src/domains/errors/idempotency-errors.ts'
import { groupedDriver } from '../../src/infrastructures/store/grouped-driver.ts'
import type { Operation } from '../../src/infrastructures/store/operation.ts'
import { adding } from '../kit/library/changes.ts'
import { aLoan, aMember } from '../kit/library/samples.ts'
import { memoryDriver, readersOf } from '../kit/library/store.ts'

type Unit = readonly Operation[]

/** A store with a member; the transactions that reach it are listed. */
async function setUp(failure?: Error) {
  const inner = memoryDriver()
  const owner = aMember()
  await inner.commit([adding.member(owner)])
  const transactions: Unit[] = []
  const driver = groupedDriver({
    ...inner,
    async commit(operations) {
      transactions.push(operations)
      if (failure !== undefined) throw failure
      return inner.commit(operations)
    },
  })
  const handled = (id: string): Unit => [
    { kind: 'mark-processed', message: { consumer: 'tests', id, subject: id, version: 1, digest: '' } },
    adding.loan(aLoan({ ownerId: owner.id })),
  ]
  const loans = () => readersOf(driver).loans.count({ ownerId: owner.id })
  const commitAtOnce = (...units: readonly Unit[]) => Promise.allSettled(units.map(driver.commit))
  return { driver, owner, transactions, handled, loans, commitAtOnce }
}

describe('units that handle messages', () => {
  it('are one transaction when they are committed at once', async () => {
    const { transactions, handled, loans, commitAtOnce } = await setUp()
    const units = ['one', 'two', 'three'].map(handled)

    const outcomes = await commitAtOnce(...units)

    assert.ok(outcomes.every(({ status }) => status === 'fulfilled'))
    assert.deepEqual(transactions, [units.flat()])
    assert.equal(await loans(), 3)
  })

  it('are committed alone when the store refuses one of them, and only that one is refused', async () => {
    const { transactions, handled, loans, commitAtOnce } = await setUp()
    await commitAtOnce(handled('known'))

    const [first, again, last] = await commitAtOnce(handled('first'), handled('known'), handled('last'))

    assert.deepEqual([first?.status, again?.status, last?.status], ['fulfilled', 'rejected', 'fulfilled'])
    assert.ok((again as PromiseRejectedResult).reason instanceof DuplicateMessage)
    assert.deepEqual(transactions.map(({ length }) => length).slice(1), [6, 2, 2, 2])
    assert.equal(await loans(), 3)
  })

  for (const failure of [new DependencyUnavailable('database'), new OutcomeUnknown('database')]) {
    it(`all fail when the store does not answer, and are not sent again (${failure.constructor.name})`, async () => {
      const { transactions, handled, commitAtOnce } = await setUp(failure)

      const outcomes = await commitAtOnce(handled('one'), handled('two'))

      assert.ok(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason === failure))
      assert.equal(transactions.length, 1)
    })
  }

  it('do not delay others, each of which is a transaction', async () => {
    const { driver, owner, transactions } = await setUp()
    const [one, other] = [aLoan({ ownerId: owner.id }), aLoan({ ownerId: owner.id })]

    const committed = [driver.commit([adding.loan(one)]), driver.commit([adding.loan(other)])]

    assert.equal(transactions.length, 2)
    await Promise.all(committed)
  })
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Conflict } from '../../src/domains/errors/change-errors.ts'
import { IdempotencyKeyInUse } from '../../src/domains/errors/idempotency-errors.ts'
import type { KeysetPosition } from '../../src/domains/ports/list-query.ts'
import { adding, removing, saving } from '../kit/library/changes.ts'
import { LoanNotFound } from '../kit/library/errors.ts'
import type { Library } from '../kit/library/library.ts'
import type { Loan } from '../kit/library/loan.ts'
import type { MemberId } from '../kit/library/member.ts'
import { aLoan, newId } from '../kit/library/samples.ts'
import { removeMember, returnLoan } from '../kit/library/usecases.ts'
import { minutesAfterNoon, noon } from '../kit/noon.ts'
import { NEWEST_FIRST } from '../kit/sorts.ts'
import type { World } from './world.ts'

export function describeSilent(world: () => World): void {
  describe('something silent', () => {
    async function give(ownerId: MemberId, minute = 0, store: Library = world().store): Promise<Loan> {
      const given = aLoan({ ownerId, createdAt: minutesAfterNoon(minute) })
      await store.transact(({ loans }) => loans.add(given))
      return given
    }

    const undo = (loan: Loan, minute: number): Promise<void> =>
      world().store.transact((uow) => returnLoan(uow, { id: loan.id, at: minutesAfterNoon(minute) }))

    type Asked = Readonly<{ open?: boolean; after?: KeysetPosition | null; limit?: number }>
    const list = (ownerId: MemberId, { open = false, after: position = null, limit = 100 }: Asked = {}) =>
      world().store.loans.list({ filter: { ownerId, open }, sort: NEWEST_FIRST, after: position, limit })

    const after = async (owner: MemberId, loan: Loan | null, limit = 100) =>
      world().store.loanFeed.after(owner, loan?.id ?? null, limit)

    it('is found by its id as it was given', async () => {
      const { store, someone } = world()

      const given = await give(await someone())

      assert.deepEqual(await store.loans.get(given.id), given)
      await assert.rejects(store.loans.get(newId()), LoanNotFound)
    })

    it('is not given to somebody who left: nothing of the unit is kept', async () => {
      const { driver, store, keep } = world()
      const owner = await keep.member()
      await store.transact((uow) => removeMember(uow, { id: owner.id, at: noon }))
      const loan = aLoan({ ownerId: owner.id })
      const message = { consumer: 'tests', id: randomUUID(), subject: newId(), version: 1, digest: 'd' }

      const attempt = driver.commit([{ kind: 'mark-processed', message }, adding.loan(loan)])

      await assert.rejects(attempt, Conflict)
      assert.equal(await store.inbox.processedDigest('tests', message.id), null)
      assert.deepEqual(await list(owner.id), [])
    })

    it('is found within a unit of work too', async () => {
      const { store, someone } = world()
      const given = await give(await someone())

      assert.deepEqual(await store.transact(({ loans }) => loans.get(given.id)), given)
    })

    it('is listed for its owner alone, newest first, those of one time by id', async () => {
      const { someone } = world()
      const [owner, other] = [await someone(), await someone()]
      const [two, three, one, twin] = [
        await give(owner, 2),
        await give(owner, 3),
        await give(owner, 1),
        await give(owner, 2),
      ]
      await give(other)

      const twins = [two, twin].sort((a, b) => (a.id < b.id ? 1 : -1))

      assert.deepEqual(await list(owner), [three, ...twins, one])
    })

    it('is found on exactly one page', async () => {
      const { someone } = world()
      const owner = await someone()
      for (const minute of [1, 2, 2, 2, 3, 4, 4]) await give(owner, minute)
      const all = await list(owner)

      const paged: Loan[] = []
      for (let page = await list(owner, { limit: 2 }); page.length > 0; ) {
        paged.push(...page)
        const { createdAt: at, id } = page.at(-1) as Loan
        page = await list(owner, { limit: 2, after: { at, id } })
      }

      assert.equal(all.length, 7)
      assert.deepEqual(paged, all)
    })

    it('is left out by a flag once it is returned, on every page', async () => {
      const { someone } = world()
      const owner = await someone()
      const [one, two, three] = [await give(owner, 1), await give(owner, 2), await give(owner, 3)]

      await undo(two, 9)

      assert.deepEqual(await list(owner, { open: true }), [three, one])
      const position = { at: three.createdAt, id: three.id }
      assert.deepEqual(await list(owner, { open: true, after: position, limit: 1 }), [one])
      assert.deepEqual(await list(owner), [three, { ...two, returnedAt: minutesAfterNoon(9) }, one])
    })

    it('keeps what is written once, also when two write it at once', async () => {
      const { driver, store, someone } = world()
      const given = await give(await someone())
      await undo(given, 5)

      await undo(given, 6)
      await driver.commit([saving.loan({ ...given, returnedAt: minutesAfterNoon(7) })])

      assert.deepEqual((await store.loans.get(given.id)).returnedAt, minutesAfterNoon(5))
    })

    it('follows those that were given before, whatever its time says', async () => {
      const { someone } = world()
      const owner = await someone()
      const [first, second, third] = [await give(owner, 3), await give(owner, 1), await give(owner, 2)]

      assert.deepEqual(await after(owner, null), [first, second, third])
      assert.deepEqual(await after(owner, first), [second, third])
      assert.deepEqual(await after(owner, first, 1), [second])
      assert.deepEqual(await after(owner, third), [])
    })

    it('follows one that is gone, or that of another member, like all the others', async () => {
      const { someone } = world()
      const [owner, other] = [await someone(), await someone()]
      const [mine, theirs] = [await give(owner), await give(other)]

      assert.deepEqual(await after(owner, theirs), [mine])
      assert.deepEqual(await after(owner, aLoan()), [mine])
    })

    it('never comes before one that was already returned, while many are added at once', async () => {
      const { sides, someone } = world()
      const [stores, owner] = [await sides(), await someone()]
      const [writers, each] = [4, 10]
      const listed: string[] = []
      let isOver = false

      async function write(store: Library): Promise<void> {
        for (let n = 0; n < each; n++) await give(owner, 0, store)
      }
      async function listen(): Promise<void> {
        for (let last: Loan | null = null; ; ) {
          const wasOver = isOver
          const next: readonly Loan[] = await after(owner, last, 3)
          listed.push(...next.map(({ id }) => id))
          last = next.at(-1) ?? last
          if (wasOver && next.length === 0) return
          await turn() // A store that answers at once would let no other task run.
        }
      }
      const listening = listen()
      await Promise.all(Array.from({ length: writers }, (_, n) => write(stores[n % stores.length] as Library)))
      isOver = true
      await listening

      assert.equal(listed.length, writers * each)
      assert.deepEqual(
        listed,
        (await after(owner, null)).map(({ id }) => id),
      )
    })

    it('goes with all others of its owner', async () => {
      const { store, someone } = world()
      const [owner, other] = [await someone(), await someone()]
      const [mine, theirs] = [await give(owner), await give(other)]

      await store.transact((uow) => removeMember(uow, { id: owner, at: noon }))

      assert.deepEqual(await list(owner), [])
      await assert.rejects(store.loans.get(mine.id), LoanNotFound)
      assert.deepEqual(await list(other), [theirs])
    })

    it('does not come back when it is saved after it has gone', async () => {
      const { store, driver, someone } = world()
      const owner = await someone()
      const given = await give(owner)
      await store.transact((uow) => removeMember(uow, { id: owner, at: noon }))

      await driver.commit([saving.loan({ ...given, returnedAt: minutesAfterNoon(1) })])

      assert.deepEqual(await list(owner), [])
    })

    it('stays where it was when the unit that removed it is refused', async () => {
      const { driver, keep } = world()
      const member = await keep.member()
      const owner = member.id
      const [first, second] = [await give(owner), await give(owner)]
      const reservation = { userId: owner, key: 'unknown', token: randomUUID() }

      const refused = driver.commit([
        removing.member({ ...member, version: 2, isActive: false, removedAt: noon }),
        { kind: 'save-result', reservation, result: '""' },
      ])

      await assert.rejects(refused, IdempotencyKeyInUse)
      assert.deepEqual(await after(owner, null), [first, second])
    })
  })
}

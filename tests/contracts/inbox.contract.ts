import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { DuplicateMessage } from '../../src/domains/errors/idempotency-errors.ts'
import type { IncomingMessage } from '../../src/domains/ports/inbox.ts'
import { adding } from '../kit/library/changes.ts'
import { BookNotFound } from '../kit/library/errors.ts'
import type { Library } from '../kit/library/library.ts'
import type { MemberId } from '../kit/library/member.ts'
import { aLoan, aReview, newId } from '../kit/library/samples.ts'
import type { World } from './world.ts'

export function describeInbox(world: () => World): void {
  describe('a message', () => {
    /** Handles a message by giving a loan. */
    const handle = (message: IncomingMessage, ownerId: MemberId, store: Library = world().store): Promise<void> =>
      store.transact(async ({ inbox, loans }) => {
        await inbox.markProcessed(message)
        await loans.add(aLoan({ ownerId }))
      })

    const effects = async (owner: MemberId): Promise<number> =>
      (await world().store.loanFeed.after(owner, null, 1_000)).length

    it('is handled once: another unit that takes it is refused as a whole, and not run again', async () => {
      const { store, someone } = world()
      const [message, owner] = [aMessage(), await someone()]
      let runs = 0
      await handle(message, owner)

      const again = store.transact(async ({ inbox, loans }) => {
        runs++
        await loans.add(aLoan({ ownerId: owner }))
        await inbox.markProcessed(message)
      })

      await assert.rejects(again, DuplicateMessage)
      assert.deepEqual([runs, await effects(owner)], [1, 1])
    })

    it('is handled once by each consumer', async () => {
      const { someone } = world()
      const [message, owner] = [aMessage(), await someone()]

      await handle(message, owner)
      await handle({ ...message, consumer: 'others' }, owner)

      await assert.rejects(handle({ ...message, consumer: 'others' }, owner), DuplicateMessage)
      assert.equal(await effects(owner), 2)
    })

    it('is refused when a later version of its subject was handled', async () => {
      const { someone } = world()
      const [third, owner] = [aMessage({ version: 3 }), await someone()]
      await handle(third, owner)

      await assert.rejects(handle(aMessage({ ...third, id: randomUUID(), version: 2 }), owner), DuplicateMessage)

      assert.equal(await effects(owner), 1)
    })

    it('is not refused for the versions of other subjects, or those that other consumers handled', async () => {
      const { someone } = world()
      const [third, owner] = [aMessage({ version: 3 }), await someone()]
      await handle(third, owner)

      await handle(aMessage({ version: 1 }), owner)
      await handle(aMessage({ ...third, id: randomUUID(), version: 1, consumer: 'others' }), owner)
      await handle(aMessage({ ...third, id: randomUUID(), version: 4 }), owner)

      assert.equal(await effects(owner), 4)
    })

    it('leaves its digest, which is that of the first text under its id', async () => {
      const { store, someone } = world()
      const [message, owner] = [aMessage({ digest: 'first' }), await someone()]
      const digest = (consumer = message.consumer) => store.inbox.processedDigest(consumer, message.id)
      assert.equal(await digest(), null)

      await handle(message, owner)
      await assert.rejects(handle({ ...message, digest: 'second' }, owner), DuplicateMessage)

      assert.deepEqual([await digest(), await digest('others')], ['first', null])
    })

    it('is still to be handled after a unit that failed', async () => {
      const { store, someone } = world()
      const [message, owner] = [aMessage(), await someone()]
      const failure = new Error('no')

      const failed = store.transact(async ({ inbox }) => {
        await inbox.markProcessed(message)
        throw failure
      })
      await assert.rejects(failed, failure)
      assert.equal(await store.inbox.processedDigest(message.consumer, message.id), null)
      await handle(message, owner)

      assert.equal(await effects(owner), 1)
    })

    it('is still to be handled after a unit that was refused', async () => {
      const { driver, keep, someone } = world()
      const [message, owner, { id }] = [aMessage(), await someone(), await keep.member()]
      const loan = aLoan({ ownerId: id })
      await driver.commit([adding.loan(loan)])

      const refused = driver.commit([{ kind: 'mark-processed', message }, adding.loan(loan)])
      await assert.rejects(refused)
      await handle(message, owner)

      assert.equal(await effects(owner), 1)
    })

    it('is refused alone, whatever other messages are handled at the same time', async () => {
      const { driver, someone } = world()
      const [known, orphaned, owner] = [aMessage(), aMessage(), await someone()]
      await handle(known, owner)
      const orphan = aReview({ ownerId: owner, bookId: newId() })
      const refused = [
        [{ kind: 'mark-processed', message: orphaned } as const, adding.review(orphan)],
        [{ kind: 'mark-processed', message: known } as const, adding.loan(aLoan({ ownerId: owner }))],
      ].map((unit) => driver.commit(unit))
      const others = Array.from({ length: 20 }, () => handle(aMessage(), owner))

      const [one, other] = await Promise.allSettled(refused)
      await Promise.all(others)

      assert.ok(one?.status === 'rejected' && one.reason instanceof BookNotFound, JSON.stringify(one))
      assert.ok(other?.status === 'rejected' && other.reason instanceof DuplicateMessage, JSON.stringify(other))
      assert.equal(await effects(owner), 21)
    })

    it('takes effect once when many handle it at once', async () => {
      const { sides, someone } = world()
      const [stores, owner] = [await sides(), await someone()]

      for (let round = 1; round <= 10; round++) {
        const message = aMessage()
        const all = [...stores, ...stores, ...stores, ...stores].map((store) => handle(message, owner, store))
        const outcomes = await Promise.allSettled(all)

        const refusals = outcomes.filter((outcome) => outcome.status === 'rejected')
        assert.equal(refusals.length, all.length - 1)
        for (const { reason } of refusals) assert.ok(reason instanceof DuplicateMessage, String(reason))
        assert.equal(await effects(owner), round)
      }
    })
  })
}

const aMessage = (fields: Partial<IncomingMessage> = {}): IncomingMessage => ({
  consumer: 'tests',
  id: randomUUID(),
  subject: randomUUID(),
  version: 1,
  digest: 'digest',
  ...fields,
})

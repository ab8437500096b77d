import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, it } from 'node:test'
import { IdempotencyKeyInUse } from '../../src/domains/errors/idempotency-errors.ts'
import { KEY_TTL_MS } from '../../src/domains/ports/idempotency-keys.ts'
import type { IncomingMessage } from '../../src/domains/ports/inbox.ts'
import { size } from '../kit/size.ts'
import type { World } from './world.ts'

const DAY = 24 * 3_600_000
const RETENTION = { publishedMs: 7 * DAY, handledMs: 21 * DAY }

/** More than a step deletes. */
const MESSAGES = size(2_500, 2_500, 1_200)

export function describePrune(world: () => World): void {
  describe('a row past its retention', () => {
    const pruneAll = async () => {
      while (await world().driver.prune(RETENTION));
    }
    const take = (messages: readonly IncomingMessage[]) =>
      world().driver.commit(messages.map((message) => ({ kind: 'mark-processed', message })))

    beforeEach(publishAll)

    /** Publishes all pending events, and returns their number. */
    async function publishAll(): Promise<number> {
      const { outbox } = world().driver
      for (let count = 0; ; ) {
        const claim = await outbox.claim(1_000, 1_000)
        if (claim === null || claim.events.length === 0) return count
        await outbox.confirm(claim)
        count += claim.events.length
      }
    }

    it('is an event that was published long ago, but never one that is pending, however old', async () => {
      const { opened, driver, keep } = world()
      await keep.member()
      await publishAll()
      await keep.member()
      await opened.age(8 * DAY)

      await pruneAll()

      assert.equal(await driver.outbox.replay(new Date(0)), 0)
      assert.equal(await publishAll(), 1)
    })

    it('is not an event that was published late', async () => {
      const { opened, driver, keep } = world()
      await keep.member()
      await opened.age(8 * DAY)
      await publishAll()

      await opened.age(6 * DAY)
      await pruneAll()
      assert.equal(await driver.outbox.replay(new Date(0)), 1)

      await publishAll()
      await opened.age(8 * DAY)
      await pruneAll()
      assert.equal(await driver.outbox.replay(new Date(0)), 0)
    })

    it('is a message that was handled long ago', async () => {
      const { opened, store } = world()
      const [old, young] = [aMessage(), aMessage()]
      await take([old])
      await opened.age(15 * DAY)
      await take([young])
      await opened.age(15 * DAY)

      await pruneAll()

      assert.equal(await store.inbox.processedDigest(old.consumer, old.id), null)
      assert.equal(await store.inbox.processedDigest(young.consumer, young.id), young.digest)
    })

    it('is an idempotency key after its day', async () => {
      const { opened, store, someone } = world()
      const request = { userId: await someone(), key: 'old', fingerprint: 'f' }
      const [old, young] = [request, { ...request, key: 'young' }]
      const late = await store.keys.reserve(old)
      await opened.age(KEY_TTL_MS - 1_000)
      const early = await store.keys.reserve(young)
      await opened.age(2_000)
      assert.ok(late.kind === 'reserved' && early.kind === 'reserved')

      await pruneAll()

      await store.transact(({ results }) => results.save(early.reservation, 'here'))
      await assert.rejects(
        store.transact(({ results }) => results.save(late.reservation, 'gone')),
        IdempotencyKeyInUse,
      )
    })

    it('is deleted in batches of a bounded size, until a step says that none may be left', async () => {
      const { opened, driver, store } = world()
      const messages = Array.from({ length: MESSAGES }, aMessage)
      for (let first = 0; first < messages.length; first += 500) await take(messages.slice(first, first + 500))
      await opened.age(30 * DAY)

      for (let calls = 1, isMore = true; isMore; calls++) {
        isMore = await driver.prune(RETENTION)
        const last = messages.at(-1) as IncomingMessage
        const isLeft = (await store.inbox.processedDigest(last.consumer, last.id)) !== null
        assert.ok(isMore || !isLeft, 'something is left')
        assert.ok(calls < 10, 'it never ends')
      }

      for (const { consumer, id } of messages) assert.equal(await store.inbox.processedDigest(consumer, id), null)
    })
  })
}

const aMessage = (): IncomingMessage => ({
  consumer: 'tests',
  id: randomUUID(),
  subject: randomUUID(),
  version: 1,
  digest: 'digest',
})

import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { consumeEvents } from '../../src/controllers/events/consume-events.ts'
import { type Delivery, type MessageQueue, PoisonMessage } from '../../src/domains/ports/message-queue.ts'
import { toCloudEvent } from '../../src/infrastructures/message-queue/cloud-events.ts'
import { CONSUMER_NAMES } from '../../src/main/modules.ts'
import { eventually } from '../contracts/queue-world.ts'
import { openMemoryQueue, sent } from '../kit/event-flow.ts'
import { anEvent, book, type EventWorld, mia, openEventWorld, r1, r2, writtenReview } from '../kit/event-world.ts'
import { LENDING, lendingConsumer, lendReviewed } from '../kit/lending.ts'
import { aBook, newId } from '../kit/library/samples.ts'
import { createStore, memoryDriver } from '../kit/library/store.ts'
import { registerMember, removeBook, writeBook, writeReview } from '../kit/library/usecases.ts'
import { noon } from '../kit/noon.ts'

const nothing = { handled: 0, duplicate: 0, ignored: 0, mismatched: 0, redelivered: 0 }

let world: EventWorld

/** Mia writes a review of her book, which adds an event. */
const review = (fields: Parameters<typeof writtenReview>[0] = {}) =>
  world.store.transact((uow) => writeReview(uow, writtenReview(fields)))

describe('an event', () => {
  afterEach(() => world.close())

  const settled = (handled: number) =>
    eventually(`${handled} were handled`, () => world.stats().handled === handled, 5_000)

  it('takes effect: who reviews a book is lent it', async () => {
    world = await openEventWorld()

    await review()
    await settled(1)

    const [loan, ...others] = await world.store.loanFeed.after(mia.id, null, 10)
    assert.deepEqual(others, [])
    const effect = { ownerId: mia.id, bookId: book.id, note: r1, createdAt: noon, returnedAt: null }
    assert.deepEqual(loan, { id: loan?.id, ...effect })
  })

  it('takes effect once, whichever process consumes it', async () => {
    world = await openEventWorld({ consumers: 2 })
    const ids = Array.from({ length: 50 }, newId)

    for (const id of ids) await review({ id })
    await settled(50)

    assert.deepEqual((await world.lent()).toSorted(), ids.toSorted())
    assert.deepEqual(world.stats(), { ...nothing, handled: 50 })
  })

  it('of another type is acknowledged, and leaves no row in the inbox', async () => {
    world = await openEventWorld()
    const other = aBook({ ownerId: mia.id })

    await world.store.transact((uow) => writeBook(uow, other))
    await world.store.transact((uow) => removeBook(uow, { id: other.id, at: noon }))
    await review()
    await settled(1)

    assert.equal(world.stats().ignored, 2)
    assert.equal(world.state.handled.size, 1)
    assert.equal(await world.deadLetterCount(), 0)
  })
})

describe('a message that comes again', () => {
  afterEach(() => world.close())

  const settled = (count: number) => eventually(`${count} were settled`, () => outcomes(world) === count, 5_000)

  it('takes effect once, in whatever order and however often', async () => {
    world = await openEventWorld({ consumers: 2 })
    const [first, second] = [anEvent(), anEvent({ id: 'another' }, { id: r2 })].map((event) => JSON.stringify(event))

    for (let round = 0; round < 20; round++) await world.publish(sent(first ?? ''), sent(second ?? ''))
    await settled(40)

    assert.deepEqual((await world.lent()).toSorted(), [r1, r2])
    assert.deepEqual(world.stats(), { ...nothing, handled: 2, duplicate: 38 })
    assert.deepEqual(world.troubles, [])
  })

  it('after its handling was kept, but not acknowledged, is done', async () => {
    let times = 0
    world = await openEventWorld({
      around: (handle) => async (news) => {
        const isNew = await handle(news)
        if (++times === 1) throw new Error('the connection broke')
        return isNew
      },
    })

    await review()
    await settled(1)

    assert.deepEqual(await world.lent(), [r1])
    assert.deepEqual(world.stats(), { ...nothing, duplicate: 1, redelivered: 1 })
  })

  it('after its handling was not kept takes effect', async () => {
    let times = 0
    world = await openEventWorld({
      around: (handle) => async (news) => {
        if (++times < 4) throw new Error('not now')
        return handle(news)
      },
    })

    await review()
    await settled(1)

    assert.deepEqual(await world.lent(), [r1])
    assert.deepEqual(world.troubles, ['not now', 'not now', 'not now'])
    assert.deepEqual(world.stats(), { ...nothing, handled: 1, redelivered: 3 })
  })

  it('is applied by every other consumer too', async () => {
    world = await openEventWorld()
    const event = anEvent()
    await world.publish(sent(JSON.stringify(event)))
    await settled(1)

    const message = { consumer: 'others', id: event.id, subject: r1, version: 1, digest: 'any' }
    await world.store.transact(({ inbox }) => inbox.markProcessed(message))

    assert.equal(world.state.handled.size, 2)
  })

  it('from the outbox, published again, takes no effect again, and is not called another', async () => {
    world = await openEventWorld()
    await review()
    await settled(1)

    const [kept] = [...world.state.published.values()].map(({ event }) => event)
    assert.ok(kept)
    await world.publish(toCloudEvent(kept), toCloudEvent(kept, { messageId: `${kept.id} again` }))
    await settled(2)

    assert.deepEqual(world.stats(), { ...nothing, handled: 1, duplicate: 1 })
    assert.deepEqual(await world.lent(), [r1])
  })
})

describe('a consumer', () => {
  it('is known by name to the queue before it consumes', async () => {
    const queue = await openMemoryQueue(CONSUMER_NAMES)

    assert.deepEqual(Object.keys(await queue.deadLetters()), CONSUMER_NAMES)
    await queue.close()
  })

  it('fails with nothing but what the message is refused for, whatever it says', async () => {
    const { deliver, stats } = await trackReplies()
    const outcomes = { done: 0, refused: 0 }

    await fc.assert(
      fc.asyncProperty(fc.oneof(damagedBytes, damagedFields), async (body) => {
        await deliver({ body, attempt: 1 }).then(
          () => outcomes.done++,
          (error) => {
            assert.ok(error instanceof PoisonMessage, `${error}`)
            outcomes.refused++
          },
        )
      }),
      { numRuns: 20_000 },
    )

    assert.ok(outcomes.refused > 1_000 && outcomes.done > 1_000, JSON.stringify(outcomes))
    assert.ok(stats.handled > 100 && stats.ignored > 100, JSON.stringify(stats))
  })
})

function outcomes(world: EventWorld): number {
  const { handled, duplicate, ignored, mismatched } = world.stats()
  return handled + duplicate + ignored + mismatched
}

/** What a consumer does with a message, without a queue that delivers it. */
async function trackReplies() {
  const store = createStore(memoryDriver())
  await store.transact((uow) => registerMember(uow, mia))
  const { promise, resolve } = Promise.withResolvers<(delivery: Delivery) => Promise<void>>()
  const queue: MessageQueue = {
    ...(await openMemoryQueue([LENDING.name])),
    async consume(_consumer, handle) {
      resolve(handle)
      return { stop: async () => {} }
    },
  }
  const { stats } = await consumeEvents({
    queue,
    inbox: store.inbox,
    consumers: [lendingConsumer(lendReviewed({ store, now: () => noon, newId }))],
    onError: () => {},
  })
  return { deliver: await promise, stats }
}

const WHOLE = Buffer.from(JSON.stringify(anEvent()))

const damagedBytes = fc
  .array(fc.tuple(fc.nat(WHOLE.length), fc.nat(2), fc.uint8Array({ maxLength: 3 })), { minLength: 1, maxLength: 2 })
  .map((damages) =>
    damages.reduce(
      (body, [at, removed, put]) => Buffer.concat([body.subarray(0, at), put, body.subarray(at + removed)]),
      WHOLE,
    ),
  )

const oneOf = (names: object, value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...Object.keys(names), '__proto__', 'constructor', 'extra'), value, { maxKeys: 2 })

const damagedFields = fc
  .tuple(
    oneOf(anEvent(), fc.oneof(fc.jsonValue(), fc.string())),
    oneOf(writtenReview(), fc.oneof(fc.jsonValue(), fc.uuid())),
    fc.uuid(),
  )
  .map(([attributes, data, id]) => Buffer.from(JSON.stringify(anEvent({ id, ...attributes }, data))))

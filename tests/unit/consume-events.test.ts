import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { consumeEvents } from '../../src/controllers/events/consume-events.ts'
import { notificationConsumer } from '../../src/controllers/events/notification-consumer.ts'
import { type Delivery, type MessageQueue, PoisonMessage } from '../../src/domains/ports/message-queue.ts'
import { createNotificationService } from '../../src/domains/services/notification-service.ts'
import { toCloudEvent } from '../../src/infrastructures/message-queue/cloud-events.ts'
import { CONSUMER_NAMES } from '../../src/main/modules.ts'
import { eventually } from '../contracts/queue-world.ts'
import {
  aComment,
  alice,
  aPost,
  bob,
  c1,
  c2,
  newComment,
  newPost,
  noon,
  notificationId,
  p1,
  postDraft,
  setUp,
} from '../fixtures.ts'
import { anEvent, type EventWorld, openEventWorld, openMemoryQueue, sent } from '../kit/event-world.ts'

const nothing = { handled: 0, duplicate: 0, ignored: 0, mismatched: 0, redelivered: 0 }

describe('what is announced', () => {
  let world: EventWorld
  afterEach(() => world.close())

  const settled = (handled: number) =>
    eventually(`${handled} were handled`, () => world.stats().handled === handled, 5_000)

  it('takes effect: the owner of a post is told of a comment', async () => {
    world = await openEventWorld()

    await world.commentService.write({ author: bob, postId: p1, text: 'Well said.' })
    await settled(1)

    assert.deepEqual(await world.store.notificationFeed.listAfter(alice.userId, null, 10), [
      {
        id: notificationId(1),
        ownerId: alice.userId,
        postId: p1,
        commentId: newComment,
        authorId: bob.userId,
        createdAt: noon,
        readAt: null,
      },
    ])
  })

  it('takes effect once for each of many, whichever process hears of them', async () => {
    world = await openEventWorld({ consumers: 2 })

    for (let n = 1; n <= 50; n++) await world.commentService.write({ author: bob, postId: p1, text: `Comment ${n}` })
    await settled(50)

    assert.deepEqual((await world.told()).toSorted(), [...world.state.comment.keys()])
    assert.deepEqual(world.stats(), { ...nothing, handled: 50 })
  })

  it('and concerns nobody is done, and forgotten', async () => {
    world = await openEventWorld()

    await world.postService.write({ author: alice, ...postDraft('Hello again.') })
    await world.postService.remove({ remover: alice, id: newPost, expected: null })
    await world.commentService.write({ author: bob, postId: p1, text: 'Well said.' })
    await settled(1)

    assert.equal(world.stats().ignored, 2)
    assert.equal(world.state.handled.size, 1)
    assert.equal(await world.deadLetterCount(), 0)
  })

  it('tells nobody of a comment on their own post', async () => {
    world = await openEventWorld()

    await world.commentService.write({ author: alice, postId: p1, text: 'And another thing.' })
    await settled(1)

    assert.deepEqual(await world.told(), [])
    assert.equal(await world.deadLetterCount(), 0)
  })

  it('tells nobody of a comment on a post that is gone by then', async () => {
    world = await openEventWorld({}, { posts: [] })

    await world.publish(sent(JSON.stringify(anEvent())))
    await settled(1)

    assert.deepEqual(await world.told(), [])
    assert.equal(await world.deadLetterCount(), 0)
  })
})

describe('a message that comes again', () => {
  let world: EventWorld
  afterEach(() => world.close())

  const settled = (count: number) => eventually(`${count} were settled`, () => outcomes(world) === count, 5_000)

  it('takes effect once, in whatever order and however often', async () => {
    world = await openEventWorld({ consumers: 2 })
    const [first, second] = [anEvent(), anEvent({ id: 'another' }, { id: c2 })].map((event) => JSON.stringify(event))

    for (let round = 0; round < 20; round++) await world.publish(sent(first ?? ''), sent(second ?? ''))
    await settled(40)

    assert.deepEqual((await world.told()).toSorted(), [c1, c2])
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

    await world.commentService.write({ author: bob, postId: p1, text: 'Well said.' })
    await settled(1)

    assert.deepEqual(await world.told(), [newComment])
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

    await world.commentService.write({ author: bob, postId: p1, text: 'Well said.' })
    await settled(1)

    assert.deepEqual(await world.told(), [newComment])
    assert.deepEqual(world.troubles, ['not now', 'not now', 'not now'])
    assert.deepEqual(world.stats(), { ...nothing, handled: 1, redelivered: 3 })
  })

  it('is applied by every other consumer too', async () => {
    world = await openEventWorld()
    const event = anEvent()
    await world.publish(sent(JSON.stringify(event)))
    await settled(1)

    const message = { consumer: 'others', id: event.id, subject: c1, version: 1, digest: 'any' }
    await world.store.transact(({ inbox }) => inbox.markProcessed(message))

    assert.equal(world.state.handled.size, 2)
  })

  it('from the outbox, published again, takes no effect again, and is not called another', async () => {
    world = await openEventWorld()
    await world.commentService.write({ author: bob, postId: p1, text: 'Well said.' })
    await settled(1)

    const [kept] = [...world.state.published.values()].map(({ event }) => event)
    assert.ok(kept)
    await world.publish(toCloudEvent(kept), toCloudEvent(kept, { messageId: `${kept.id} again` }))
    await settled(2)

    assert.deepEqual(world.stats(), { ...nothing, handled: 1, duplicate: 1 })
    assert.deepEqual(await world.told(), [newComment])
  })
})

describe('a consumer', () => {
  it('is known by name to the queue before it consumes', async () => {
    const queue = await openMemoryQueue()

    assert.deepEqual(Object.keys(await queue.deadLetters()), CONSUMER_NAMES)
    await queue.close()
  })

  it('fails with nothing but what the message is refused for, whatever it says', async () => {
    const { hear, stats } = await trackReplies()
    const outcomes = { done: 0, refused: 0 }

    await fc.assert(
      fc.asyncProperty(fc.oneof(damagedBytes, damagedFields), async (body) => {
        await hear({ body, attempt: 1 }).then(
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
  const { accounts, store } = setUp({ posts: [aPost()] })
  let lastId = 0
  const newId = () => notificationId(++lastId)
  const notifications = createNotificationService({ accounts, store, now: () => noon, newId })

  const { promise, resolve } = Promise.withResolvers<(delivery: Delivery) => Promise<void>>()
  const queue: MessageQueue = {
    ...(await openMemoryQueue()),
    async consume(_consumer, handle) {
      resolve(handle)
      return { stop: async () => {} }
    },
  }
  const { stats } = await consumeEvents({
    queue,
    inbox: store.inbox,
    consumers: [notificationConsumer(notifications)],
    onError: () => {},
  })
  return { hear: await promise, stats }
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
    oneOf(aComment(), fc.oneof(fc.jsonValue(), fc.uuid())),
    fc.uuid(),
  )
  .map(([attributes, data, id]) => Buffer.from(JSON.stringify(anEvent({ id, ...attributes }, data))))

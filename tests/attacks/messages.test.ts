/**
 * Group G: messages that somebody else published, or that are bad for their handler, on every queue that there is. Not
 * here: G09, G14 and that attempts are counted over restarts (tests/contracts/queue-crash and queue-failure), bytes that
 * are no UTF-8 and 10 MB (tests/unit/cloud-event: queues carry what they are given), and G12, which is up to the server.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import type { MessageQueue } from '../../src/domains/ports/message-queue.ts'
import { eventually, type QueueWorld, useQueueWorld } from '../contracts/queue-world.ts'
import { brokers } from '../kit/brokers.ts'
import { sent } from '../kit/event-flow.ts'
import { anEvent, type EventWorld, openEventWorld } from '../kit/event-world.ts'
import { LENDING } from '../kit/lending.ts'
import { newId } from '../kit/library/samples.ts'

const written = (attributes: object = {}, data: object = {}): string => {
  const id = newId()
  return JSON.stringify(anEvent({ id: randomUUID(), subject: id, ...attributes }, { id, ...data }))
}

type Fate = 'set aside' | 'ignored' | 'applied'
type Attack = readonly [id: string, what: string, body: string, fate: Fate, why?: RegExp]
const attacks: readonly Attack[] = [
  ['G01', 'nothing at all', '', 'set aside', /undecodable: not JSON/],
  ['G01', 'no JSON', '<event/>', 'set aside', /undecodable: not JSON/],
  ['G01', 'half of an event', written().slice(0, 99), 'set aside', /undecodable: not JSON/],
  ['G01', 'brackets without end', '['.repeat(50_000), 'set aside', /undecodable: not JSON/],
  ['G01', 'a list', '[]', 'set aside', /undecodable: not an object/],
  [
    'G01',
    'more than an event can be',
    written({}, { text: 'x'.repeat(300_000) }),
    'set aside',
    /undecodable: more than/,
  ],
  ['G02', 'no id', written({ id: undefined }), 'set aside', /undecodable: id/],
  ['G02', 'a number for an id', written({ id: 7 }), 'set aside', /undecodable: id/],
  ['G02', 'NUL in an id', written({ id: 'a\0b' }), 'set aside', /undecodable: id/],
  ['G02', 'half a character in an id', written({ id: '\ud800' }), 'set aside', /undecodable: id/],
  ['G02', 'an id without end', written({ id: 'x'.repeat(10_000) }), 'set aside', /undecodable: id/],
  ['G02', 'two ids', written().replace('{', '{"id":"other",'), 'set aside', /undecodable: .*twice/],
  ['G02', 'no subject', written({ subject: undefined }), 'set aside', /undecodable: subject/],
  ['G02', 'the subject of others', written({ subject: newId() }), 'set aside', /undecodable: .*subject/],
  ['G02', 'no time', written({ time: 'soon' }), 'set aside', /undecodable: time/],
  ['G02', 'no version', written({}, { version: undefined }), 'set aside', /undecodable: data.version/],
  ['G02', 'a book that is no id', written({}, { bookId: '1; drop table' }), 'set aside', /undecodable: .*UUID/],
  ['G02', 'an owner in a list', written({}, { ownerId: [newId()] }), 'set aside', /undecodable: data.ownerId/],
  ['G03', 'an unknown type', written({ type: 'review.pinned' }), 'ignored'],
  ['G03', 'an unknown type of a later schema', written({ type: 'a', dataschemaversion: '9.0', data: 1 }), 'ignored'],
  ['G03', 'a type that every object has', written({ type: 'constructor' }), 'ignored'],
  ['G03', 'a type that reaches for prototypes', written({ type: '__proto__' }), 'ignored'],
  ['G04', 'more than is known', written({ dataschemaversion: '1.4' }, { mood: 'fine' }), 'applied'],
  ['G04', 'a later schema', written({ dataschemaversion: '2.0' }), 'set aside', /undecodable: dataschemaversion/],
  ['G04', 'a later CloudEvents', written({ specversion: '2.0' }), 'set aside', /undecodable: specversion/],
  ['G11', 'a trace without end', written({ traceparent: '0'.repeat(10_000) }), 'applied'],
  ['G11', 'another tenant, user and right', written({ tenant: 'x', userid: 'x' }, { isSuperAdmin: true }), 'applied'],
]

for (const [name, open] of Object.entries(brokers)) {
  const broker = open()
  describe(`on ${name}`, { skip: broker.skip }, () => describeGroupG(useQueueWorld(broker)))
}

function describeGroupG(queues: () => QueueWorld): void {
  let opened: Promise<MessageQueue> | undefined
  const openQueue = () => {
    opened ??= queues().open(queues().underTest.choice, [LENDING.name])
    return opened
  }

  /** Opens the way from the queue to Mia's loans for one test. */
  async function withWorld(
    { around, on = (queue) => queue }: Readonly<{ around?: Around; on?: (queue: MessageQueue) => MessageQueue }>,
    test: (world: EventWorld) => Promise<void>,
  ): Promise<void> {
    const world = await openEventWorld({ queue: on(await openQueue()), ...(around && { around }) })
    try {
      await test(world)
    } finally {
      await world.close()
    }
  }

  /** What is published later is handled, also behind the attack. */
  async function assertFlows(world: EventWorld, key: string): Promise<void> {
    const events = [newId(), newId()]
    const [behind = '', beside = ''] = events.map((id) => written({ subject: id }, { id }))
    await world.publish(sent(behind, key), sent(beside))
    await eventually('others were applied', async () => {
      const lent = new Set(await world.lent())
      return events.every((id) => lent.has(id))
    })
  }

  for (const [id, what, body, fate, why] of attacks) {
    it(`${id}: ${what} is ${fate}, and others flow`, () =>
      withWorld({}, async (world) => {
        const message = sent(body)
        await world.publish(message)
        await assertFlows(world, message.key)

        const { handled, ignored } = world.stats()
        const found = { aside: await world.deadLetterCount(), ignored, applied: handled - 2 }
        assert.deepEqual(found, { aside: 0, ignored: 0, applied: 0, [fate === 'set aside' ? 'aside' : fate]: 1 })
        assert.equal(world.troubles.length, why === undefined ? 0 : 1)
        assert.match(world.troubles.join(), why ?? /^$/)
      }))
  }

  it('G05: an id that comes again with another text is ignored, counted and reported', () =>
    withWorld({}, async (world) => {
      const [id, review] = [randomUUID(), newId()]
      const say = (text: string) => sent(written({ id, subject: review }, { id: review, text }), review)
      await world.publish(say('One.'), say('Other.'), say('One.'))
      await assertFlows(world, review)

      const { handled, duplicate, mismatched } = world.stats()
      assert.deepEqual([handled - 2, duplicate, mismatched, await world.deadLetterCount()], [1, 1, 1, 0])
      assert.deepEqual(world.troubles, [`The event ${id} arrived again with another payload, which was ignored.`])
      assert.equal((await world.lent()).length, 3)
    }))

  it('G06: what was overtaken by a later version of its subject is ignored', () =>
    withWorld({}, async (world) => {
      const id = newId()
      const versions = [3, 1, 2].map((version) => sent(written({ subject: id }, { id, version }), id))
      await world.publish(...versions)
      await assertFlows(world, id)

      const { handled, duplicate } = world.stats()
      assert.deepEqual([handled - 2, duplicate, await world.deadLetterCount()], [1, 2, 0])
    }))

  it('G07: what fails three times and then works is applied once, after pauses that grow', () => {
    const starts: number[] = []
    const around: Around = (handle) => async (news) => {
      if (news.review.id !== id) return handle(news)
      if (starts.push(performance.now()) < 4) throw new Error('not now')
      return handle(news)
    }
    const id = newId()
    return withWorld({ around }, async (world) => {
      await world.publish(sent(written({ subject: id }, { id }), id))
      await assertFlows(world, id)

      const [first = 0, , third = 0] = starts.slice(1).map((at, n) => at - (starts[n] ?? at))
      assert.ok(third > 2 * first, `${first} ms, then ${third} ms`)
      assert.deepEqual([await world.deadLetterCount(), world.troubles.length], [0, 3])
      assert.equal((await world.lent()).filter((lent) => lent === id).length, 1)
    })
  })

  it('G08: what always fails is set aside after five times, and nothing of it is kept', () => {
    const id = newId()
    let starts = 0
    const around: Around = (handle) => async (news) => {
      if (news.review.id !== id) return handle(news)
      starts++
      throw new Error('never')
    }
    return withWorld({ around }, async (world) => {
      await world.publish(sent(written({ subject: id }, { id }), id))
      await assertFlows(world, id)

      assert.deepEqual([starts, await world.deadLetterCount(), world.state.handled.size], [5, 1, 2])
    })
  })

  it('G10: what hangs is delivered again, and does nothing more when it ends late', () => {
    const id = newId()
    const late = Promise.withResolvers<void>()
    const lateEnd = Promise.withResolvers<boolean>()
    let starts = 0
    const around: Around = (handle) => async (news) => {
      if (news.review.id !== id || ++starts > 1) return handle(news)
      await late.promise
      const isNew = await handle(news)
      lateEnd.resolve(isNew)
      return isNew
    }
    return withWorld({ around, on: impatient }, async (world) => {
      await world.publish(sent(written({ subject: id }, { id }), id))
      await assertFlows(world, id)
      late.resolve()

      assert.equal(await lateEnd.promise, false)
      assert.deepEqual([starts, await world.deadLetterCount()], [2, 0])
      assert.equal((await world.lent()).filter((lent) => lent === id).length, 1)
    })
  })

  it('G13: what was kept but not acknowledged is done when it comes again', () => {
    const id = newId()
    let starts = 0
    const around: Around = (handle) => async (news) => {
      const isNew = await handle(news)
      if (news.review.id === id && ++starts === 1) throw new Error('the connection broke')
      return isNew
    }
    return withWorld({ around }, async (world) => {
      await world.publish(sent(written({ subject: id }, { id }), id))
      await assertFlows(world, id)

      assert.deepEqual([world.stats().duplicate, await world.deadLetterCount()], [1, 0])
      assert.equal((await world.lent()).filter((lent) => lent === id).length, 1)
    })
  })
}

type Around = NonNullable<NonNullable<Parameters<typeof openEventWorld>[0]>['around']>

/** The same queue, which waits for no handler longer than a moment. */
const impatient = (queue: MessageQueue): MessageQueue => ({
  ...queue,
  consume: (consumer, handle) => queue.consume({ ...consumer, timeoutMs: 300 }, handle),
})

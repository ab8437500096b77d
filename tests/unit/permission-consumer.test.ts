import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { consumeEvents } from '../../src/controllers/events/consume-events.ts'
import { AUTHORIZATION, permissionConsumer } from '../../src/controllers/events/permission-consumer.ts'
import { createPermissionSync } from '../../src/domains/services/permission-sync.ts'
import { toCloudEvent } from '../../src/infrastructures/message-queue/cloud-events.ts'
import { PERMISSION_SOURCES } from '../../src/main/modules.ts'
import { eventually } from '../contracts/queue-world.ts'
import { alice, aPost, bob, p1, setUp } from '../fixtures.ts'
import { openMemoryQueue } from '../kit/event-flow.ts'
import { memoryMirror } from '../kit/memory-mirror.ts'

function setUpConsumer() {
  const { mirror, kept, give } = memoryMirror()
  const forum = setUp({ posts: [aPost()] })
  const sync = createPermissionSync({ store: forum.store, mirror, sources: PERMISSION_SOURCES })
  return { ...forum, kept, give, ...permissionConsumer(sync, PERMISSION_SOURCES) }
}

describe('the consumer by which permissions follow the store', () => {
  it('reads each event by the major version of its schema', () => {
    const { majors, handlers } = setUpConsumer()

    assert.partialDeepStrictEqual(majors, { 'post.written': 1, 'post.removed': 1, 'user.removed': 2 })
    assert.deepEqual(Object.keys(handlers), Object.keys(majors ?? {}))
  })

  it('believes nothing but the subject, which must be an id', async () => {
    const { handlers, kept } = setUpConsumer()
    const message = { consumer: 'authorization', id: 'e1', subject: p1 as string, version: 1, digest: '' }

    await handlers['post.removed']?.(message, { id: p1, ownerId: bob.userId, version: 1 })
    assert.deepEqual(await kept(), [`system:forum system post:${p1}`, `user:${alice.userId} owner post:${p1}`])
    await assert.rejects(
      async () => handlers['post.written']?.({ ...message, subject: `${p1}#owner` }, { version: 1 }),
      /must be a UUID/,
    )
  })

  it('consumes all events, whatever the version of their schema', async () => {
    const { handlers, majors, userService, store, state, kept, give, ...consumer } = setUpConsumer()
    const troubles: unknown[] = []
    await using queue = await openQueue()
    const consumers = [{ ...consumer, handlers, ...(majors && { majors }) }]
    await consumeEvents({ queue, inbox: store.inbox, consumers, onError: (error) => troubles.push(error) })

    for (const owned of [`post:${p1}`, 'system:forum']) await give(`user:${alice.userId} owner ${owned}`)
    await userService.remove({ id: alice.userId })
    await queue.publish(state.outbox.map((event) => toCloudEvent(event)))
    await eventually('nothing is left', async () => (await kept()).length === 0 || troubles.length > 0, 5_000)
    assert.deepEqual([await kept(), troubles], [[], []])
  })
})

async function openQueue() {
  const queue = await openMemoryQueue([AUTHORIZATION.name])
  return { ...queue, [Symbol.asyncDispose]: () => queue.close() }
}

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOTIFICATIONS, notificationConsumer } from '../../src/controllers/events/notification-consumer.ts'
import { CONSUMER_NAMES } from '../../src/main/modules.ts'
import { eventually } from '../contracts/queue-world.ts'
import { alice, aPost, bob, noon, p1 } from '../fixtures.ts'
import { aComment, c1, newComment } from '../kit/comments.ts'
import { openEventFlow } from '../kit/event-flow.ts'
import { memoryDriver } from '../kit/forum-store.ts'
import { newNotification, setUpNotifications } from '../kit/notifications.ts'

/** The forum in memory, with the way of a comment from its outbox to a notification. Alice's post is there. */
async function openWorld() {
  const forum = setUpNotifications({ posts: [aPost()] })
  const consumer = notificationConsumer(forum.notificationService)
  const flow = await openEventFlow({ driver: memoryDriver(forum.state), inbox: forum.store.inbox, consumer })
  return {
    ...forum,
    ...flow,
    settled: () => eventually('one was handled', () => flow.stats().handled === 1, 5_000),
    notifications: () => forum.store.notificationFeed.listAfter(alice.userId, null, 10),
    [Symbol.asyncDispose]: () => flow.close(),
  }
}

describe('an event of a comment', () => {
  it('notifies the owner of the post', async () => {
    await using world = await openWorld()

    await world.commentService.write({ author: bob, postId: p1, text: 'Well said.' })
    await world.settled()

    const notification = { ownerId: alice.userId, postId: p1, commentId: newComment, authorId: bob.userId }
    assert.deepEqual(await world.notifications(), [
      { id: newNotification, ...notification, createdAt: noon, readAt: null },
    ])
  })

  it('does not notify its own author', async () => {
    await using world = await openWorld()

    await world.commentService.write({ author: alice, postId: p1, text: 'And another thing.' })
    await world.settled()

    assert.deepEqual([await world.notifications(), await world.deadLetterCount()], [[], 0])
  })

  it('notifies no user of a comment on a removed post', async () => {
    await using world = await openWorld()

    await world.commentService.write({ author: bob, postId: p1, text: 'Well said.' })
    world.state.post.clear()
    await world.settled()

    assert.deepEqual([await world.notifications(), await world.deadLetterCount()], [[], 0])
  })
})

describe('the consumer that notifies', () => {
  it('is known to the queue', () => {
    assert.ok(CONSUMER_NAMES.includes(NOTIFICATIONS.name))
  })

  for (const [field, value, message] of [
    ['postId', '1; drop table', /must be a UUID/],
    ['ownerId', [bob.userId], /^undecodable: data.ownerId$/],
    ['id', undefined, /^undecodable: data.id$/],
  ] as const) {
    it(`refuses ${JSON.stringify(value)} as ${field}`, async () => {
      const { notificationService, state } = setUpNotifications({ posts: [aPost()] })
      const { handlers } = notificationConsumer(notificationService)
      const incoming = { consumer: NOTIFICATIONS.name, id: 'm1', subject: c1, version: 1, digest: '' }

      const handled = handlers['comment.written']?.(incoming, { ...aComment(), [field]: value })

      await assert.rejects(handled ?? assert.fail('it is not handled'), { message })
      assert.equal(state.handled.size, 0)
    })
  }
})

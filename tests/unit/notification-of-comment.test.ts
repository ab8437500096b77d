import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { IncomingMessage } from '../../src/domains/ports/inbox.ts'
import { hasDifferentPayload } from '../../src/domains/services/payload-mismatch.ts'
import { alice, aPost, bob, minutesAfterNoon, p1, p2 } from '../fixtures.ts'
import { c1, c2 } from '../kit/comments.ts'
import { aNotification, newNotification, setUpNotifications } from '../kit/notifications.ts'

const given = { posts: [aPost()] }
const ofBob = { id: c1, postId: p1, ownerId: bob.userId }

const aMessage = (fields: Partial<IncomingMessage> = {}): IncomingMessage => ({
  consumer: 'notifications',
  id: 'm1',
  subject: c1,
  version: 1,
  digest: 'abc',
  ...fields,
})

const notificationsOf = ({ store }: ReturnType<typeof setUpNotifications>) =>
  store.notificationFeed.listAfter(alice.userId, null, 10)

describe('a comment that was written', () => {
  it('notifies the owner of the post', async () => {
    const services = setUpNotifications(given)
    services.clock.time = minutesAfterNoon(1)

    const isNew = await services.notificationService.commentWritten({ message: aMessage(), comment: ofBob })

    assert.equal(isNew, true)
    assert.deepEqual(await notificationsOf(services), [
      aNotification({ id: newNotification, createdAt: minutesAfterNoon(1) }),
    ])
  })

  it('notifies once, however often its message arrives, also concurrently', async () => {
    const services = setUpNotifications(given)
    const { notificationService } = services

    const results = await Promise.all(
      [1, 2, 3].map(() => notificationService.commentWritten({ message: aMessage(), comment: ofBob })),
    )
    const again = await notificationService.commentWritten({ message: aMessage({ digest: 'other' }), comment: ofBob })

    assert.deepEqual([results.filter((isNew) => isNew).length, again], [1, false])
    assert.equal((await notificationsOf(services)).length, 1)
  })

  it('notifies beside other comments', async () => {
    const services = setUpNotifications(given)
    const { notificationService } = services

    await notificationService.commentWritten({ message: aMessage(), comment: ofBob })
    await notificationService.commentWritten({
      message: aMessage({ id: 'm2', subject: c2 }),
      comment: { ...ofBob, id: c2 },
    })

    assert.deepEqual(
      (await notificationsOf(services)).map(({ commentId }) => commentId),
      [c1, c2],
    )
  })

  it('notifies no user if it is on their own post, or the post is gone, and is marked as processed', async () => {
    const services = setUpNotifications(given)
    const { notificationService, state } = services
    const [own, gone] = [aMessage({ id: 'own' }), aMessage({ id: 'gone', subject: c2 })]

    const results = [
      await notificationService.commentWritten({ message: own, comment: { ...ofBob, ownerId: alice.userId } }),
      await notificationService.commentWritten({ message: gone, comment: { ...ofBob, id: c2, postId: p2 } }),
      await notificationService.commentWritten({ message: own, comment: ofBob }),
    ]

    assert.deepEqual(results, [true, true, false])
    assert.deepEqual([await notificationsOf(services), state.handled.size], [[], 2])
  })

  it('is known by its message: one that says something else is altered', async () => {
    const { notificationService, store } = setUpNotifications(given)
    await notificationService.commentWritten({ message: aMessage(), comment: ofBob })

    const altered = [
      aMessage(),
      aMessage({ digest: 'other' }),
      aMessage({ id: 'm2' }),
      aMessage({ consumer: 'others' }),
    ]

    assert.deepEqual(await Promise.all(altered.map((message) => hasDifferentPayload(store.inbox, message))), [
      false,
      true,
      false,
      false,
    ])
  })
})

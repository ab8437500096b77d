import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { alice, bob, minutesAfterNoon } from '../fixtures.ts'
import { aNotification, notificationId, setUpNotifications } from '../kit/notifications.ts'

const all = { isUnread: false, after: null, limit: 2 }

/** Alice was given three, Bob one. The last of hers has an earlier time than the one before. */
async function given() {
  const services = setUpNotifications()
  const notifications = [
    aNotification({ id: notificationId(1), createdAt: minutesAfterNoon(1) }),
    aNotification({ id: notificationId(2), createdAt: minutesAfterNoon(3) }),
    aNotification({ id: notificationId(9), ownerId: bob.userId }),
    aNotification({ id: notificationId(3), createdAt: minutesAfterNoon(2), readAt: minutesAfterNoon(4) }),
  ]
  for (const notification of notifications) await services.store.transact((uow) => uow.notifications.add(notification))
  return services.notificationService
}

const ids = (notifications: readonly { id: string }[]) => notifications.map(({ id }) => Number(id.slice(-3)))

describe('listing notifications', () => {
  it('gives pages of the own ones by time, and where the next page starts', async () => {
    const notifications = await given()

    const first = await notifications.list({ reader: alice, ...all })
    const second = await notifications.list({ reader: alice, ...all, after: first.next })

    assert.deepEqual([ids(first.items), ids(second.items)], [[2, 3], [1]])
    assert.deepEqual(first.next, { at: minutesAfterNoon(2), id: notificationId(3) })
    assert.deepEqual([first.total, second.next], [null, null])
  })

  it('leaves out what was read when only the rest is wanted', async () => {
    const notifications = await given()

    const { items, next } = await notifications.list({ reader: alice, ...all, isUnread: true })

    assert.deepEqual([ids(items), next], [[2, 1], null])
  })
})

describe('following notifications', () => {
  it('goes by the order in which they were given, whatever their times', async () => {
    const notifications = await given()

    assert.equal(await notifications.latestId({ reader: alice }), notificationId(3))
    assert.equal(await notifications.latestId({ reader: bob }), notificationId(9))
    assert.deepEqual(ids(await notifications.listAfter({ reader: alice, id: null, limit: 10 })), [1, 2, 3])
    assert.deepEqual(ids(await notifications.listAfter({ reader: alice, id: notificationId(1), limit: 1 })), [2])
    assert.deepEqual(ids(await notifications.listAfter({ reader: alice, id: notificationId(9), limit: 10 })), [1, 2, 3])
  })

  it('has no newest one for those who were given nothing', async () => {
    assert.equal(await setUpNotifications().notificationService.latestId({ reader: alice }), null)
  })
})

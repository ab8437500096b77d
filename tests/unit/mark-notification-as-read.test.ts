import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Notification } from '../../src/domains/entities/notification.ts'
import { NotificationNotFound } from '../../src/domains/errors/notification-errors.ts'
import { alice, bob, minutesAfterNoon, superAdmin } from '../fixtures.ts'
import { aNotification, notificationId, setUpNotifications } from '../kit/notifications.ts'

const [n1, n2] = [notificationId(1), notificationId(2)]
const later = minutesAfterNoon(5)

async function given(...notifications: readonly Notification[]) {
  const services = setUpNotifications()
  for (const notification of notifications) await services.store.transact((uow) => uow.notifications.add(notification))
  services.clock.time = later
  return services
}

describe('reading a notification', () => {
  it('notes when, and leaves the others unread', async () => {
    const { notificationService, store } = await given(aNotification(), aNotification({ id: n2 }))

    await notificationService.markAsRead({ reader: alice, id: n1 })

    assert.deepEqual(await store.notifications.get(n1), aNotification({ readAt: later }))
    assert.deepEqual(await store.notifications.get(n2), aNotification({ id: n2 }))
  })

  it('counts the first time', async () => {
    const { notificationService, store, clock } = await given(aNotification())
    await notificationService.markAsRead({ reader: alice, id: n1 })
    clock.time = minutesAfterNoon(9)

    await notificationService.markAsRead({ reader: alice, id: n1 })

    assert.deepEqual((await store.notifications.get(n1)).readAt, later)
  })

  it('is for the owner alone: to all others it is not there', async () => {
    const { notificationService, store } = await given(aNotification())

    for (const other of [bob, superAdmin]) {
      await assert.rejects(notificationService.markAsRead({ reader: other, id: n1 }), NotificationNotFound)
    }

    assert.equal((await store.notifications.get(n1)).readAt, null)
  })

  it('needs one that exists, and adds no event', async () => {
    const { notificationService, recordedEvents } = await given(aNotification())

    await assert.rejects(notificationService.markAsRead({ reader: alice, id: n2 }), NotificationNotFound)
    await notificationService.markAsRead({ reader: alice, id: n1 })

    assert.deepEqual(recordedEvents(), [])
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Notification } from '../../src/domains/entities/notification.ts'
import { alice, aPost, minutesAfterNoon, noon } from '../fixtures.ts'
import { aComment } from '../kit/comments.ts'
import { aNotification, notificationId } from '../kit/notifications.ts'

describe('a notification', () => {
  it('goes to the owner of a post when another user comments', () => {
    const notification = Notification.ofComment(notificationId(1), aPost(), aComment(), noon)

    assert.deepEqual(notification, aNotification())
  })

  it('is not made of an own comment', () => {
    const own = aComment({ ownerId: alice.userId })

    assert.equal(Notification.ofComment(notificationId(1), aPost(), own, noon), null)
  })

  it('keeps the time at which it was first read', () => {
    const once = Notification.read(aNotification(), minutesAfterNoon(1))
    const twice = Notification.read(once, minutesAfterNoon(2))

    assert.deepEqual(once, aNotification({ readAt: minutesAfterNoon(1) }))
    assert.deepEqual(twice, once)
  })
})

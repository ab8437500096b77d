import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type Notification, NotificationId } from '../../../src/domains/entities/notification.ts'
import { type User, UserId } from '../../../src/domains/entities/user.ts'
import { UserEvents } from '../../../src/domains/events/user-events.ts'
import { FORUM } from '../../../src/infrastructures/store/aggregates/forum.ts'
import { aUser, minutesAfterNoon } from '../../fixtures.ts'
import { aNotification } from '../../kit/notifications.ts'
import type { Opened } from '../opened.ts'
import { STORE_ENGINES } from '../store-engines.ts'

const { users, notifications } = FORUM.aggregates

for (const [name, { open, skip }] of Object.entries(STORE_ENGINES)) {
  describe(`the notification feed in ${name}`, { skip }, () => {
    let opened: Opened
    before(async () => {
      opened = await open(FORUM.aggregates)()
    })
    after(() => opened?.close())

    const feed = () => opened.driver.view(FORUM.views.notificationFeed)
    const newId = () => NotificationId.parse(randomUUID())

    async function someone(): Promise<User['id']> {
      const state = aUser({ id: UserId.parse(randomUUID()) })
      await opened.driver.commit([
        { kind: 'add', of: users, state, event: UserEvents.registered.of(state), traceparent: null },
      ])
      return state.id
    }

    async function give(ownerId: User['id'], minute = 0): Promise<Notification> {
      const state = aNotification({ id: newId(), ownerId, createdAt: minutesAfterNoon(minute) })
      await opened.driver.commit([{ kind: 'add', of: notifications, state, event: null, traceparent: null }])
      return state
    }

    it('has as the newest of each owner what was given last, whatever its time says', async () => {
      const [one, other, nobody] = [await someone(), await someone(), await someone()]
      await give(one, 9)
      const [last, only] = [await give(one, 1), await give(other, 5)]

      const newest = await feed().latestIds([one, other, nobody])

      assert.deepEqual(Object.fromEntries(newest), { [one]: last.id, [other]: only.id })
      assert.equal((await feed().latestIds([])).size, 0)
    })

    it('goes on after one with those that were given later, whatever their times say', async () => {
      const owner = await someone()
      const [first, second, third] = [await give(owner, 3), await give(owner, 1), await give(owner, 2)]

      assert.deepEqual(await feed().listAfter(owner, null, 100), [first, second, third])
      assert.deepEqual(await feed().listAfter(owner, first.id, 100), [second, third])
      assert.deepEqual(await feed().listAfter(owner, first.id, 1), [second])
      assert.deepEqual(await feed().listAfter(owner, third.id, 100), [])
    })

    it('starts anew after one that is gone, or that of another user', async () => {
      const [owner, other] = [await someone(), await someone()]
      const [mine, theirs] = [await give(owner), await give(other)]

      assert.deepEqual(await feed().listAfter(owner, theirs.id, 100), [mine])
      assert.deepEqual(await feed().listAfter(owner, newId(), 100), [mine])
    })
  })
}

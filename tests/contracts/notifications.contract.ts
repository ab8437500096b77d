import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Notification } from '../../src/domains/entities/notification.ts'
import type { UserId } from '../../src/domains/entities/user.ts'
import { Conflict } from '../../src/domains/errors/change-errors.ts'
import { NotificationNotFound } from '../../src/domains/errors/notification-errors.ts'
import { KeyInUse } from '../../src/domains/errors/repetition-errors.ts'
import type { Position } from '../../src/domains/ports/listing.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { readNotification } from '../../src/domains/usecases/notifications/read-notification.ts'
import { removeUser } from '../../src/domains/usecases/users/remove-user.ts'
import { aNotification, minutesAfterNoon, noon } from '../fixtures.ts'
import { adding, removing, saving } from './changes.ts'
import { newCommentId, newNotificationId, newPostId, type World } from './world.ts'

export function describeNotifications(world: () => World): void {
  describe('a notification', () => {
    async function give(ownerId: UserId, minute = 0, store: Store = world().store): Promise<Notification> {
      const [id, postId, commentId, authorId] = [newNotificationId(), newPostId(), newCommentId(), ownerId]
      const given = aNotification({ id, ownerId, postId, commentId, authorId, createdAt: minutesAfterNoon(minute) })
      await store.transact(({ notifications }) => notifications.add(given))
      return given
    }

    const read = (notification: Notification, minute: number): Promise<void> =>
      world().store.transact((uow) =>
        readNotification(uow, { id: notification.id, reader: notification.ownerId, at: minutesAfterNoon(minute) }),
      )

    type Asked = Readonly<{ unread?: boolean; after?: Position | null; limit?: number }>
    const list = (ownerId: UserId, { unread = false, after: position = null, limit = 100 }: Asked = {}) =>
      world().store.notifications.list({ filter: { ownerId, unread }, sort: '-createdAt', after: position, limit })

    const after = async (owner: UserId, notification: Notification | null, limit = 100) =>
      world().store.notificationFeed.after(owner, notification?.id ?? null, limit)

    it('is found by its id as it was given', async () => {
      const { store, someone } = world()

      const given = await give(await someone())

      assert.deepEqual(await store.notifications.get(given.id), given)
      await assert.rejects(store.notifications.get(newNotificationId()), NotificationNotFound)
    })

    it('is not given to somebody who left: nothing of the unit is kept', async () => {
      const { driver, store, keep } = world()
      const owner = await keep.user()
      await store.transact((uow) => removeUser(uow, { id: owner.id, at: noon }))
      const notification = aNotification({ id: newNotificationId(), ownerId: owner.id })
      const message = { consumer: 'tests', id: randomUUID(), subject: newPostId(), version: 1, digest: 'd' }

      const attempt = driver.commit([{ verb: 'mark-processed', message }, adding.notification(notification)])

      await assert.rejects(attempt, Conflict)
      assert.equal(await store.inbox.digestOf('tests', message.id), null)
      assert.deepEqual(await list(owner.id), [])
    })

    it('is found within a unit of work too', async () => {
      const { store, someone } = world()
      const given = await give(await someone())

      assert.deepEqual(await store.transact(({ notifications }) => notifications.get(given.id)), given)
    })

    it('is listed for its owner alone, newest first, those of one time by id', async () => {
      const { someone } = world()
      const [owner, other] = [await someone(), await someone()]
      const [two, three, one, twin] = [
        await give(owner, 2),
        await give(owner, 3),
        await give(owner, 1),
        await give(owner, 2),
      ]
      await give(other)

      const twins = [two, twin].sort((a, b) => (a.id < b.id ? 1 : -1))

      assert.deepEqual(await list(owner), [three, ...twins, one])
    })

    it('is found on exactly one page', async () => {
      const { someone } = world()
      const owner = await someone()
      for (const minute of [1, 2, 2, 2, 3, 4, 4]) await give(owner, minute)
      const all = await list(owner)

      const paged: Notification[] = []
      for (let page = await list(owner, { limit: 2 }); page.length > 0; ) {
        paged.push(...page)
        const { createdAt: at, id } = page.at(-1) as Notification
        page = await list(owner, { limit: 2, after: { at, id } })
      }

      assert.equal(all.length, 7)
      assert.deepEqual(paged, all)
    })

    it('is left out of the unread ones once it is read, on every page', async () => {
      const { someone } = world()
      const owner = await someone()
      const [one, two, three] = [await give(owner, 1), await give(owner, 2), await give(owner, 3)]

      await read(two, 9)

      assert.deepEqual(await list(owner, { unread: true }), [three, one])
      const position = { at: three.createdAt, id: three.id }
      assert.deepEqual(await list(owner, { unread: true, after: position, limit: 1 }), [one])
      assert.deepEqual(await list(owner), [three, { ...two, readAt: minutesAfterNoon(9) }, one])
    })

    it('keeps the time of its first reading, also when two read it at once', async () => {
      const { driver, store, someone } = world()
      const given = await give(await someone())
      await read(given, 5)

      await read(given, 6)
      await driver.commit([saving.notification({ ...given, readAt: minutesAfterNoon(7) })])

      assert.deepEqual((await store.notifications.get(given.id)).readAt, minutesAfterNoon(5))
    })

    it('is the newest of its owner when it was given last, whatever its time says', async () => {
      const { store, someone } = world()
      const [one, other, nobody] = [await someone(), await someone(), await someone()]
      await give(one, 9)
      const [last, only] = [await give(one, 1), await give(other, 5)]

      const newest = await store.notificationFeed.latest([one, other, nobody])

      assert.deepEqual(Object.fromEntries(newest), { [one]: last.id, [other]: only.id })
      assert.equal((await store.notificationFeed.latest([])).size, 0)
    })

    it('follows those that were given before, whatever its time says', async () => {
      const { someone } = world()
      const owner = await someone()
      const [first, second, third] = [await give(owner, 3), await give(owner, 1), await give(owner, 2)]

      assert.deepEqual(await after(owner, null), [first, second, third])
      assert.deepEqual(await after(owner, first), [second, third])
      assert.deepEqual(await after(owner, first, 1), [second])
      assert.deepEqual(await after(owner, third), [])
    })

    it('follows one that is gone, or that of another user, like all the others', async () => {
      const { someone } = world()
      const [owner, other] = [await someone(), await someone()]
      const [mine, theirs] = [await give(owner), await give(other)]

      assert.deepEqual(await after(owner, theirs), [mine])
      assert.deepEqual(await after(owner, aNotification({ id: newNotificationId() })), [mine])
    })

    it('never comes before one that was told already, while many are given at once', async () => {
      const { sides, someone } = world()
      const [stores, owner] = [await sides(), await someone()]
      const [writers, each] = [4, 10]
      const told: string[] = []
      let isOver = false

      async function write(store: Store): Promise<void> {
        for (let n = 0; n < each; n++) await give(owner, 0, store)
      }
      async function listen(): Promise<void> {
        for (let last: Notification | null = null; ; ) {
          const wasOver = isOver
          const next: readonly Notification[] = await after(owner, last, 3)
          told.push(...next.map(({ id }) => id))
          last = next.at(-1) ?? last
          if (wasOver && next.length === 0) return
          await turn() // A store that answers at once would let nobody else in.
        }
      }
      const listening = listen()
      await Promise.all(Array.from({ length: writers }, (_, n) => write(stores[n % stores.length] as Store)))
      isOver = true
      await listening

      assert.equal(told.length, writers * each)
      assert.deepEqual(
        told,
        (await after(owner, null)).map(({ id }) => id),
      )
    })

    it('goes with all others of its owner', async () => {
      const { store, someone } = world()
      const [owner, other] = [await someone(), await someone()]
      const [mine, theirs] = [await give(owner), await give(other)]

      await store.transact((uow) => removeUser(uow, { id: owner, at: noon }))

      assert.deepEqual(await list(owner), [])
      await assert.rejects(store.notifications.get(mine.id), NotificationNotFound)
      assert.deepEqual(await list(other), [theirs])
    })

    it('does not come back when it is read after it has gone', async () => {
      const { store, driver, someone } = world()
      const owner = await someone()
      const given = await give(owner)
      await store.transact((uow) => removeUser(uow, { id: owner, at: noon }))

      await driver.commit([saving.notification({ ...given, readAt: minutesAfterNoon(1) })])

      assert.deepEqual(await list(owner), [])
    })

    it('stays where it was when the unit that removed it is refused', async () => {
      const { driver, keep } = world()
      const user = await keep.user()
      const owner = user.id
      const [first, second] = [await give(owner), await give(owner)]
      const reservation = { userId: owner, key: 'unknown', token: randomUUID() }

      const refused = driver.commit([
        removing.user({ ...user, version: 2, isActive: false, removedAt: noon }),
        { verb: 'save-result', reservation, result: '""' },
      ])

      await assert.rejects(refused, KeyInUse)
      assert.deepEqual(await after(owner, null), [first, second])
    })
  })
}

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { minutesAfterNoon } from '../fixtures.ts'
import { createStore, readersOf } from '../kit/forum-store.ts'
import { saving } from './changes.ts'
import type { Features } from './opened.ts'
import type { World } from './world.ts'

const listing = { filter: {}, sort: 'createdAt', after: null, limit: 100 } as const

export function describeDurability(world: () => World, { isDurable, isShared }: Features): void {
  describe('the store', () => {
    const [forgets, alone] = ['it keeps nothing when it is closed', 'nobody else can open it at the same time']

    it('answers when asked whether it is there', async () => {
      await world().driver.ping()
    })

    it('shows to others at once what it has kept', { skip: isShared ? false : alone }, async () => {
      const { opened, keep } = world()
      const other = await opened.second?.()

      const post = await keep.post()

      assert.deepEqual(other && (await readersOf(other).posts.get(post.id)), post)
    })

    it('has everything after it was closed and opened again', { skip: isDurable ? false : forgets }, async () => {
      const { opened, driver, store, keep } = world()
      const comment = await keep.comment()
      const user = { ...(await keep.user()), version: 2, updatedAt: minutesAfterNoon(1), isActive: false }
      await driver.commit([saving.user(user)])
      const before = { posts: await store.posts.list(listing), outbox: await opened.outbox() }

      const reopened = createStore((await opened.reopen?.()) ?? assert.fail('it cannot be opened again'))

      assert.deepEqual(await reopened.comments.get(comment.id), comment)
      assert.deepEqual(await reopened.users.find(user.id), user)
      assert.deepEqual(await reopened.posts.list(listing), before.posts)
      assert.deepEqual(await opened.outbox(), before.outbox)
    })
  })
}

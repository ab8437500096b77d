import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { givingTo } from '../kit/notifications.ts'
import { PLACES } from './places.ts'

const NOBODY = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'

for (const { name, skip, open } of PLACES) {
  describe(`notifications over ${name}`, { skip }, () => {
    async function given(howMany: number) {
      const forum = await open()
      const give = await givingTo(forum, forum.alice, forum.bob)
      const comments: string[] = []
      for (let n = 0; n < howMany; n++) comments.unshift(await give(forum.services))
      return { forum, comments, transport: forum.transport }
    }

    it('are listed page by page, each once', async () => {
      const { forum, comments, transport } = await given(5)
      await using _ = forum

      const first = (await transport.notifications(forum.alice, { limit: 3 })).value
      const second = (await transport.notifications(forum.alice, { limit: 3, cursor: first.next ?? '' })).value

      const items = [...first.items, ...second.items]
      assert.deepEqual(items.map(({ commentId }) => commentId).toSorted(), comments.toSorted())
      assert.deepEqual([first.items.length, second.next], [3, null])
      for (const { type, authorId, isRead } of items) {
        assert.deepEqual([type, authorId, isRead], ['comment.written', forum.bob.id, false])
      }
    })

    it('are read for good, and then no longer among the unread', async () => {
      const { forum, transport } = await given(2)
      await using _ = forum
      const { items } = (await transport.notifications(forum.alice)).value
      const id = items[0]?.id ?? ''

      assert.equal((await transport.markAsRead(forum.alice, id)).code, null)
      assert.equal((await transport.markAsRead(forum.alice, id.toUpperCase())).code, null)

      const unread = (await transport.notifications(forum.alice, { unread: true })).value.items
      assert.deepEqual(
        unread.map((item) => item.id),
        [items[1]?.id],
      )
      const all = (await transport.notifications(forum.alice)).value.items
      assert.deepEqual(
        all.map(({ isRead }) => isRead),
        [true, false],
      )
    })

    it('belong to their owner: to others they do not exist', async () => {
      const { forum, transport } = await given(1)
      await using _ = forum
      const [item] = (await transport.notifications(forum.alice)).value.items

      assert.deepEqual((await transport.notifications(forum.bob)).value.items, [])
      assert.equal((await transport.markAsRead(forum.bob, item?.id ?? '')).code, 'not-found')
      assert.equal((await transport.markAsRead(forum.ada, item?.id ?? '')).code, 'not-found')
      assert.equal((await transport.markAsRead(forum.alice, NOBODY)).code, 'not-found')
    })

    it('are asked for by what makes sense', async () => {
      const { forum, transport } = await given(3)
      await using _ = forum
      const { next } = (await transport.notifications(forum.alice, { limit: 1 })).value

      const ask = async (query: object) => {
        const { code, fields } = await transport.notifications(forum.alice, query)
        return [code, ...new Set(fields)]
      }
      assert.deepEqual(await ask({ limit: 101 }), ['validation-failed', 'page_size'])
      assert.deepEqual(await ask({ cursor: 'x' }), ['invalid-cursor'])
      assert.deepEqual(await ask({ cursor: next, unread: true }), ['invalid-cursor'])
      const { code, fields } = await transport.markAsRead(forum.alice, 'abc')
      assert.deepEqual([code, [...new Set(fields)]], ['validation-failed', ['id']])
    })
  })
}

import assert from 'node:assert/strict'
import type { Effect } from './forum-effects.ts'

/** Who comments on a post has its owner notified. */
export const commentNotifies: Effect = {
  handler: 'notifications comment.written',

  async cause(call, { bob }, postId) {
    const { status } = await call(bob, 'POST', '/v1/comments', { body: { postId, text: 'I do.' } })
    assert.equal(status, 201)
  },

  async seenAt(call, { alice }) {
    const { body } = await call(alice, 'GET', '/v1/notifications')
    return body.items.map(({ postId }) => String(postId))
  },
}

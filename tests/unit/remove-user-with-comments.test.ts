import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { alice, aPost, bob, p1, p2 } from '../fixtures.ts'
import { aComment, c1, c2, c3, commentId, setUpComments } from '../kit/comments.ts'

const c4 = commentId(4)

const given = {
  posts: [aPost(), aPost({ id: p2, ownerId: bob.userId })],
  comments: [
    aComment({ version: 3 }),
    aComment({ id: c2, ownerId: alice.userId }),
    aComment({ id: c3, ownerId: alice.userId, postId: p2 }),
    aComment({ id: c4, postId: p2 }),
  ],
}

describe('removing a user with comments', () => {
  it('takes the posts of the user with everyone’s comments, and the comments of the user; nothing else', async () => {
    const { userService, state } = setUpComments(given)

    await userService.remove({ id: alice.userId })

    assert.deepEqual([...state.post.keys()], [p2])
    assert.deepEqual([...state.comment.keys()], [c4])
  })

  it('adds one event for each removal', async () => {
    const { userService, state } = setUpComments(given)

    await userService.remove({ id: alice.userId })

    assert.deepEqual(
      state.outbox.map(({ type, subject, version }) => [type, subject, version]),
      [
        ['user.removed', alice.userId, 2],
        ['comment.removed', c1, 4],
        ['comment.removed', c2, 2],
        ['comment.removed', c3, 2],
        ['post.removed', p1, 2],
      ],
    )
  })
})

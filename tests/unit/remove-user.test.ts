import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AccountDisabled } from '../../src/domains/errors/access-errors.ts'
import { UserNotFound } from '../../src/domains/errors/user-errors.ts'
import { alice, aPost, bob, minutesAfterNoon, p1, p2, postDraft, stranger } from '../fixtures.ts'
import { aComment, c1, c2, c3, commentId, setUpComments } from '../kit/comments.ts'

const later = minutesAfterNoon(5)
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

describe('removing a user', () => {
  it('takes the posts of the user with everyone’s comments, and the comments of the user; nothing else', async () => {
    const { userService, state } = setUpComments(given)

    await userService.remove({ id: alice.userId })

    assert.deepEqual([...state.post.keys()], [p2])
    assert.deepEqual([...state.comment.keys()], [c4])
  })

  it('leaves a tombstone without a profile', async () => {
    const { userService, store, clock } = setUpComments(given)
    clock.time = later

    await userService.remove({ id: alice.userId })

    assert.deepEqual(await store.users.find(alice.userId), {
      ...{ id: alice.userId, username: '', fullName: null, email: null, isActive: false, version: 2 },
      ...{ subject: null, identityRecord: null },
      ...{ createdAt: given.posts[0]?.createdAt, updatedAt: later, removedAt: later },
    })
  })

  it('announces each removal once', async () => {
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

  it('is for good: the user is shut out, and not registered again', async () => {
    const { userService, postService, announced } = setUpComments()

    await userService.remove({ id: alice.userId })

    await assert.rejects(userService.me(alice), AccountDisabled)
    await assert.rejects(postService.write({ author: alice, ...postDraft('I am back.') }), AccountDisabled)
    assert.deepEqual(announced(), ['user.removed 2'])
  })

  it('happens once, and to those who were seen', async () => {
    const { userService, announced } = setUpComments()

    await userService.remove({ id: alice.userId })

    await assert.rejects(userService.remove({ id: alice.userId }), UserNotFound)
    await assert.rejects(userService.remove({ id: stranger.userId }), UserNotFound)
    assert.deepEqual(announced(), ['user.removed 2'])
  })
})

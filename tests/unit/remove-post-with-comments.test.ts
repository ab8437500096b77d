import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Forbidden } from '../../src/domains/errors/access-errors.ts'
import { StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { alice, aPost, bob, minutesAfterNoon, p1, p2 } from '../fixtures.ts'
import { aComment, c1, c2, c3, setUpComments } from '../kit/comments.ts'

const later = minutesAfterNoon(5)
const ofBob = aComment({ version: 4 })
const ofAlice = aComment({ id: c2, ownerId: alice.userId })
const elsewhere = aComment({ id: c3, postId: p2 })
const given = { posts: [aPost(), aPost({ id: p2 })], comments: [ofBob, ofAlice, elsewhere] }

describe('removing a post with comments', () => {
  it('removes all comments on it by any author, and no others', async () => {
    const { postService, state } = setUpComments(given)

    await postService.remove({ remover: alice, id: p1, expected: null })

    assert.deepEqual([...state.comment.keys()], [c3])
  })

  it('adds one event for each removal, with the last state', async () => {
    const { postService, storedEvents, clock } = setUpComments(given)
    clock.time = later

    await postService.remove({ remover: alice, id: p1, expected: null })

    const gone = { time: later, version: 2 }
    assert.deepEqual(storedEvents(), [
      { ...gone, type: 'comment.removed', subject: c1, version: 5, data: { ...ofBob, version: 5, updatedAt: later } },
      { ...gone, type: 'comment.removed', subject: c2, data: { ...ofAlice, version: 2, updatedAt: later } },
      { ...gone, type: 'post.removed', subject: p1, data: aPost({ version: 2, updatedAt: later }) },
    ])
  })

  it('is refused to anyone but the owner, and leaves nothing behind', async () => {
    const { postService, state } = setUpComments(given)

    await assert.rejects(postService.remove({ remover: bob, id: p1, expected: null }), Forbidden)

    assert.deepEqual([state.post.size, state.comment.size, state.outbox.length], [2, 3, 0])
  })

  it('is refused when the caller expects another version, and leaves nothing behind', async () => {
    const { postService, state } = setUpComments(given)

    await assert.rejects(postService.remove({ remover: alice, id: p1, expected: new Set([2]) }), StaleVersion)

    assert.deepEqual([state.post.size, state.comment.size, state.outbox.length], [2, 3, 0])
  })
})

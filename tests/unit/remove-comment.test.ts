import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Forbidden } from '../../src/domains/errors/access-errors.ts'
import { StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { CommentNotFound } from '../../src/domains/errors/comment-errors.ts'
import { alice, aPost, bob, minutesAfterNoon, superAdmin } from '../fixtures.ts'
import { aComment, c1, c2, setUpComments } from '../kit/comments.ts'

const later = minutesAfterNoon(5)
const given = { posts: [aPost()], comments: [aComment(), aComment({ id: c2 })] }

describe('removing a comment', () => {
  it('takes this comment alone', async () => {
    const { commentService, state } = setUpComments(given)

    await commentService.remove({ remover: bob, id: c1, expected: null })

    assert.deepEqual([...state.comment.keys()], [c2])
    assert.equal(state.post.size, 1)
  })

  it('adds an event with its last state', async () => {
    const { commentService, storedEvents, clock } = setUpComments(given)
    clock.time = later

    await commentService.remove({ remover: bob, id: c1, expected: new Set([1]) })

    const data = aComment({ version: 2, updatedAt: later })
    assert.deepEqual(storedEvents(), [{ type: 'comment.removed', subject: c1, version: 2, time: later, data }])
  })

  it('is done by a super admin too', async () => {
    const { commentService, recordedEvents } = setUpComments(given)

    await commentService.remove({ remover: superAdmin, id: c1, expected: null })

    assert.deepEqual(recordedEvents(), ['comment.removed 2'])
  })

  it('is refused to anyone else, the owner of the post included, and leaves nothing behind', async () => {
    const { commentService, state } = setUpComments(given)

    await assert.rejects(commentService.remove({ remover: alice, id: c1, expected: null }), Forbidden)

    assert.deepEqual([state.comment.size, state.outbox.length], [2, 0])
  })

  it('is refused when the caller expects another version, and leaves nothing behind', async () => {
    const { commentService, state } = setUpComments(given)

    await assert.rejects(commentService.remove({ remover: bob, id: c1, expected: new Set([2]) }), StaleVersion)

    assert.deepEqual([state.comment.size, state.outbox.length], [2, 0])
  })

  it('happens once', async () => {
    const { commentService } = setUpComments(given)

    await commentService.remove({ remover: bob, id: c1, expected: null })

    await assert.rejects(commentService.remove({ remover: bob, id: c1, expected: null }), CommentNotFound)
  })
})

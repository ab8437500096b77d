import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Forbidden } from '../../src/domains/errors/access-errors.ts'
import { StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { CommentNotFound } from '../../src/domains/errors/comment-errors.ts'
import { InvalidInput } from '../../src/domains/errors/input-errors.ts'
import { alice, aPost, bob, minutesAfterNoon, superAdmin } from '../fixtures.ts'
import { aComment, c1, c2, setUpComments } from '../kit/comments.ts'

const later = minutesAfterNoon(5)
const given = { posts: [aPost()], comments: [aComment()] }

describe('rewriting a comment', () => {
  it('replaces the text, in the next version', async () => {
    const { commentService, store, clock } = setUpComments(given)
    clock.time = later

    const comment = await commentService.rewrite({ editor: bob, id: c1, text: '  Or not.  ', expected: null })

    assert.deepEqual(comment, aComment({ text: 'Or not.', version: 2, updatedAt: later }))
    assert.deepEqual(await store.comments.get(c1), comment)
  })

  it('adds one event', async () => {
    const { commentService, storedEvents, clock } = setUpComments(given)
    clock.time = later

    const data = await commentService.rewrite({ editor: bob, id: c1, text: 'Or not.', expected: new Set([1]) })

    assert.deepEqual(storedEvents(), [{ type: 'comment.rewritten', subject: c1, version: 2, time: later, data }])
  })

  it('is done by a super admin too, in the name of the owner', async () => {
    const { commentService } = setUpComments(given)

    const comment = await commentService.rewrite({ editor: superAdmin, id: c1, text: 'Moderated.', expected: null })

    assert.equal(comment.ownerId, bob.userId)
  })

  it('is refused to anyone else, the owner of the post included, and leaves nothing behind', async () => {
    const { commentService, store, state } = setUpComments(given)

    await assert.rejects(commentService.rewrite({ editor: alice, id: c1, text: 'Mine.', expected: null }), Forbidden)

    assert.deepEqual(await store.comments.get(c1), aComment())
    assert.deepEqual(state.outbox, [])
  })

  it('is refused when the caller expects another version, and leaves nothing behind', async () => {
    const { commentService, store, state } = setUpComments(given)

    await assert.rejects(
      commentService.rewrite({ editor: bob, id: c1, text: 'Too late.', expected: new Set([2, 3]) }),
      StaleVersion,
    )

    assert.deepEqual(await store.comments.get(c1), aComment())
    assert.deepEqual(state.outbox, [])
  })

  it('needs a comment that is there, and a text', async () => {
    const { commentService } = setUpComments(given)

    await assert.rejects(
      commentService.rewrite({ editor: bob, id: c2, text: 'Where?', expected: null }),
      CommentNotFound,
    )
    await assert.rejects(commentService.rewrite({ editor: bob, id: c1, text: '', expected: null }), InvalidInput)
  })
})

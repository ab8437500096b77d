import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidInput } from '../../src/domains/errors/input-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import { aPost, bob, noon, p1, p2 } from '../fixtures.ts'
import { aComment, newComment, setUpComments } from '../kit/comments.ts'

describe('writing a comment', () => {
  it('keeps a first version of it, on its post, that belongs to its author', async () => {
    const { commentService, store } = setUpComments({ posts: [aPost()] })

    const { result: comment } = await commentService.write({ author: bob, postId: p1, text: '  Well said.  ' })

    assert.deepEqual(comment, aComment({ id: newComment }))
    assert.deepEqual(await store.comments.get(newComment), comment)
  })

  it('adds an event, and leaves the post as it is', async () => {
    const { commentService, store, storedEvents } = setUpComments({ posts: [aPost()] })

    const { result: data } = await commentService.write({ author: bob, postId: p1, text: 'Well said.' })

    assert.deepEqual(storedEvents(), [{ type: 'comment.written', subject: newComment, version: 1, time: noon, data }])
    assert.deepEqual(await store.posts.get(p1), aPost())
  })

  it('needs a post that is there, and leaves nothing behind', async () => {
    const { commentService, state } = setUpComments({ posts: [aPost()] })

    await assert.rejects(commentService.write({ author: bob, postId: p2, text: 'Where?' }), PostNotFound)

    assert.deepEqual([state.comment.size, state.outbox.length], [0, 0])
  })

  it('is refused when it is longer than a comment, though not than a post', async () => {
    const { commentService } = setUpComments({ posts: [aPost()] })

    await assert.rejects(commentService.write({ author: bob, postId: p1, text: 'x'.repeat(2_001) }), InvalidInput)
  })
})

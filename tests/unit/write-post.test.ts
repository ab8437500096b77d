import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidInput } from '../../src/domains/errors/input-errors.ts'
import { alice, aPost, newPost, noon, setUp } from '../fixtures.ts'

describe('writing a post', () => {
  it('keeps a first version of it that belongs to its author', async () => {
    const { postService, store } = setUp()

    const { result: post } = await postService.write({ author: alice, text: '  Hello.  ' })

    assert.deepEqual(post, aPost({ id: newPost }))
    assert.deepEqual(await store.posts.get(newPost), post)
  })

  it('adds an event', async () => {
    const { postService, storedEvents } = setUp()

    const { result: data } = await postService.write({ author: alice, text: 'Hello.' })

    assert.deepEqual(storedEvents(), [{ type: 'post.written', subject: newPost, version: 1, time: noon, data }])
  })

  it('is refused without a text, and leaves nothing behind', async () => {
    const { postService, state } = setUp()

    await assert.rejects(postService.write({ author: alice, text: ' ' }), InvalidInput)

    assert.equal(state.post.size, 0)
    assert.deepEqual(state.outbox, [])
  })
})

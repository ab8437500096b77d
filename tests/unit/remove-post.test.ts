import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Forbidden } from '../../src/domains/errors/access-errors.ts'
import { StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import { alice, aPost, bob, minutesAfterNoon, p1, p2, setUp, superAdmin } from '../fixtures.ts'

const later = minutesAfterNoon(5)
const given = { posts: [aPost(), aPost({ id: p2 })] }

describe('removing a post', () => {
  it('takes the post, and leaves other posts alone', async () => {
    const { postService, state } = setUp(given)

    await postService.remove({ remover: alice, id: p1, expected: null })

    assert.deepEqual([...state.post.keys()], [p2])
  })

  it('adds one event, with the last state', async () => {
    const { postService, storedEvents, clock } = setUp(given)
    clock.time = later

    await postService.remove({ remover: alice, id: p1, expected: null })

    const gone = { time: later, version: 2 }
    assert.deepEqual(storedEvents(), [
      { ...gone, type: 'post.removed', subject: p1, data: aPost({ version: 2, updatedAt: later }) },
    ])
  })

  it('is done by a super admin too', async () => {
    const { postService, state } = setUp(given)

    await postService.remove({ remover: superAdmin, id: p1, expected: null })

    assert.deepEqual([...state.post.keys()], [p2])
  })

  it('is refused to anyone but the owner, and leaves nothing behind', async () => {
    const { postService, state } = setUp(given)

    await assert.rejects(postService.remove({ remover: bob, id: p1, expected: null }), Forbidden)

    assert.deepEqual([state.post.size, state.outbox.length], [2, 0])
  })

  it('is refused when the caller expects another version, and leaves nothing behind', async () => {
    const { postService, state } = setUp(given)

    await assert.rejects(postService.remove({ remover: alice, id: p1, expected: new Set([2]) }), StaleVersion)

    assert.deepEqual([state.post.size, state.outbox.length], [2, 0])
  })

  it('happens once', async () => {
    const { postService } = setUp(given)

    await postService.remove({ remover: alice, id: p1, expected: new Set([1]) })

    await assert.rejects(postService.remove({ remover: alice, id: p1, expected: null }), PostNotFound)
  })
})

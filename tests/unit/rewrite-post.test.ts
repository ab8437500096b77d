import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Forbidden } from '../../src/domains/errors/access-errors.ts'
import { StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { InvalidInput } from '../../src/domains/errors/input-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import { alice, aPost, bob, minutesAfterNoon, p1, p2, setUp, superAdmin } from '../fixtures.ts'

const later = minutesAfterNoon(5)

describe('rewriting a post', () => {
  it('replaces the text, in the next version', async () => {
    const { postService, store, clock } = setUp({ posts: [aPost()] })
    clock.time = later

    const post = await postService.rewrite({ editor: alice, id: p1, text: '  Second thoughts.  ', expected: null })

    assert.deepEqual(post, aPost({ text: 'Second thoughts.', version: 2, updatedAt: later }))
    assert.deepEqual(await store.posts.get(p1), post)
  })

  it('adds one event', async () => {
    const { postService, storedEvents, clock } = setUp({ posts: [aPost()] })
    clock.time = later

    const data = await postService.rewrite({ editor: alice, id: p1, text: 'Second thoughts.', expected: null })

    assert.deepEqual(storedEvents(), [{ type: 'post.rewritten', subject: p1, version: 2, time: later, data }])
  })

  it('counts as a change even when the text stays the same', async () => {
    const { postService, recordedEvents } = setUp({ posts: [aPost({ text: 'Same.' })] })

    const post = await postService.rewrite({ editor: alice, id: p1, text: 'Same.', expected: null })

    assert.equal(post.version, 2)
    assert.deepEqual(recordedEvents(), ['post.rewritten 2'])
  })

  it('is done by a super admin too, in the name of the owner', async () => {
    const { postService } = setUp({ posts: [aPost()] })

    const post = await postService.rewrite({ editor: superAdmin, id: p1, text: 'Moderated.', expected: null })

    assert.equal(post.ownerId, alice.userId)
  })

  it('is refused to anyone but the owner, and leaves nothing behind', async () => {
    const { postService, store, state } = setUp({ posts: [aPost({ text: 'Mine.' })] })

    await assert.rejects(postService.rewrite({ editor: bob, id: p1, text: 'Yours.', expected: null }), Forbidden)

    assert.deepEqual(await store.posts.get(p1), aPost({ text: 'Mine.' }))
    assert.deepEqual(state.outbox, [])
  })

  it('is done when the caller expects the current version', async () => {
    const { postService } = setUp({ posts: [aPost({ version: 3 })] })

    const post = await postService.rewrite({ editor: alice, id: p1, text: 'As expected.', expected: new Set([2, 3]) })

    assert.equal(post.version, 4)
  })

  it('is refused when the caller expects another version, and leaves nothing behind', async () => {
    const { postService, store, state } = setUp({ posts: [aPost({ version: 3 })] })

    await assert.rejects(
      postService.rewrite({ editor: alice, id: p1, text: 'Too late.', expected: new Set([2]) }),
      StaleVersion,
    )

    assert.deepEqual(await store.posts.get(p1), aPost({ version: 3 }))
    assert.deepEqual(state.outbox, [])
  })

  it('needs a post that is there', async () => {
    const { postService } = setUp({ posts: [aPost()] })

    await assert.rejects(postService.rewrite({ editor: alice, id: p2, text: 'Where?', expected: null }), PostNotFound)
  })

  it('needs a valid text, before any other check', async () => {
    const { postService } = setUp()

    await assert.rejects(postService.rewrite({ editor: bob, id: p2, text: '\0', expected: null }), InvalidInput)
  })
})

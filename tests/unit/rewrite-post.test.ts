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

    const post = await postService.rewrite(alice, p1, '  Second thoughts.  ', null)

    assert.deepEqual(post, aPost({ text: 'Second thoughts.', version: 2, updatedAt: later }))
    assert.deepEqual(await store.posts.get(p1), post)
  })

  it('announces it once', async () => {
    const { postService, announcements, clock } = setUp({ posts: [aPost()] })
    clock.time = later

    const data = await postService.rewrite(alice, p1, 'Second thoughts.', null)

    assert.deepEqual(announcements(), [{ type: 'post.rewritten', subject: p1, version: 2, time: later, data }])
  })

  it('counts as a change even when the text stays the same', async () => {
    const { postService, announced } = setUp({ posts: [aPost({ text: 'Same.' })] })

    const post = await postService.rewrite(alice, p1, 'Same.', null)

    assert.equal(post.version, 2)
    assert.deepEqual(announced(), ['post.rewritten 2'])
  })

  it('is done by a super admin too, in the name of the owner', async () => {
    const { postService } = setUp({ posts: [aPost()] })

    const post = await postService.rewrite(superAdmin, p1, 'Moderated.', null)

    assert.equal(post.ownerId, alice.userId)
  })

  it('is refused to anyone but the owner, and leaves nothing behind', async () => {
    const { postService, store, state } = setUp({ posts: [aPost({ text: 'Mine.' })] })

    await assert.rejects(postService.rewrite(bob, p1, 'Yours.', null), Forbidden)

    assert.deepEqual(await store.posts.get(p1), aPost({ text: 'Mine.' }))
    assert.deepEqual(state.outbox, [])
  })

  it('is done when the caller expects the current version', async () => {
    const { postService } = setUp({ posts: [aPost({ version: 3 })] })

    const post = await postService.rewrite(alice, p1, 'As expected.', new Set([2, 3]))

    assert.equal(post.version, 4)
  })

  it('is refused when the caller expects another version, and leaves nothing behind', async () => {
    const { postService, store, state } = setUp({ posts: [aPost({ version: 3 })] })

    await assert.rejects(postService.rewrite(alice, p1, 'Too late.', new Set([2])), StaleVersion)

    assert.deepEqual(await store.posts.get(p1), aPost({ version: 3 }))
    assert.deepEqual(state.outbox, [])
  })

  it('needs a post that is there', async () => {
    const { postService } = setUp({ posts: [aPost()] })

    await assert.rejects(postService.rewrite(alice, p2, 'Where?', null), PostNotFound)
  })

  it('needs a text, whoever asks and whatever for', async () => {
    const { postService } = setUp()

    await assert.rejects(postService.rewrite(bob, p2, '\0', null), InvalidInput)
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Post } from '../../src/domains/entities/post.ts'
import { PostText } from '../../src/domains/entities/post-text.ts'
import { Forbidden } from '../../src/domains/errors/access-errors.ts'
import { StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { alice, aPost, bob, minutesAfterNoon, noon, p1, superAdmin } from '../fixtures.ts'

const later = minutesAfterNoon(1)
const text = PostText.parse('Second thoughts.')

describe('a post', () => {
  it('starts at version 1, never changed', () => {
    const post = Post.write({ id: p1, ownerId: alice.userId, text, at: noon })

    assert.deepEqual(post, { id: p1, ownerId: alice.userId, text, version: 1, createdAt: noon, updatedAt: noon })
  })

  it('gets a new text, the next version and the time of the change when rewritten', () => {
    const post = Post.rewrite(aPost({ version: 7 }), { editor: alice, text, expected: null, at: later })

    assert.deepEqual(post, { ...aPost(), text, version: 8, updatedAt: later })
  })

  it('is one version further when removed, with its last text', () => {
    const post = Post.remove(aPost({ text: 'Last words.', version: 2 }), { remover: alice, expected: null, at: later })

    assert.deepEqual(post, { ...aPost({ text: 'Last words.' }), version: 3, updatedAt: later })
  })

  it('is never dated before the version that it follows, when clocks differ', () => {
    const post = aPost({ createdAt: later })

    assert.deepEqual(Post.rewrite(post, { editor: alice, text, expected: null, at: noon }).updatedAt, later)
    assert.deepEqual(Post.remove(post, { remover: alice, expected: null, at: noon }).updatedAt, later)
  })

  it('is not altered by what is made of it', () => {
    const post = Object.freeze(aPost())

    Post.rewrite(post, { editor: alice, text, expected: null, at: later })

    assert.deepEqual(post, aPost())
  })
})

const CHANGES = {
  rewriting: (editor = alice, expected: ReadonlySet<number> | null = null, version = 1) =>
    Post.rewrite(aPost({ version }), { editor, text, expected, at: later }),
  removing: (editor = alice, expected: ReadonlySet<number> | null = null, version = 1) =>
    Post.remove(aPost({ version }), { remover: editor, expected, at: later }),
}

for (const [changing, change] of Object.entries(CHANGES)) {
  describe(`${changing} a post`, () => {
    it('is for its owner and super admins', () => {
      assert.equal(change(alice).version, 2)
      assert.equal(change(superAdmin).version, 2)
      assert.throws(() => change(bob), Forbidden)
    })

    it('does not make a super admin its owner', () => {
      assert.equal(change(superAdmin).ownerId, alice.userId)
    })

    it('goes by the id of the actor, not by the name', () => {
      assert.throws(() => change({ ...bob, profile: alice.profile }), Forbidden)
    })

    it('is for those who expect its version, if they expect any', () => {
      fc.assert(
        fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 9 })), fc.integer({ min: 1, max: 9 }), (some, version) => {
          const attempt = () => change(alice, new Set(some), version)
          if (some.includes(version)) assert.equal(attempt().version, version + 1)
          else assert.throws(attempt, StaleVersion)
        }),
      )
    })

    it('tells a stranger of the ownership, not of the version', () => {
      assert.throws(() => change(bob, new Set([9])), Forbidden)
    })
  })
}

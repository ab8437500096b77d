import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Post } from '../../src/domains/entities/post.ts'
import { PostText } from '../../src/domains/entities/post-text.ts'
import { StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { alice, aPost, minutesAfterNoon, noon, p1 } from '../fixtures.ts'

const later = minutesAfterNoon(1)
const text = PostText.parse('Second thoughts.')

describe('a post', () => {
  it('starts at version 1, never changed', () => {
    const post = Post.write({ id: p1, ownerId: alice.userId, text, at: noon })

    assert.deepEqual(post, { id: p1, ownerId: alice.userId, text, version: 1, createdAt: noon, updatedAt: noon })
  })

  it('gets a new text, the next version and the time of the change when rewritten', () => {
    const post = Post.rewrite(aPost({ version: 7 }), { text, expected: null, at: later })

    assert.deepEqual(post, { ...aPost(), text, version: 8, updatedAt: later })
  })

  it('is one version further when removed, with its last text', () => {
    const post = Post.remove(aPost({ text: 'Last words.', version: 2 }), { expected: null, at: later })

    assert.deepEqual(post, { ...aPost({ text: 'Last words.' }), version: 3, updatedAt: later })
  })

  it('is never dated before the version that it follows, when clocks differ', () => {
    const post = aPost({ createdAt: later })

    assert.deepEqual(Post.rewrite(post, { text, expected: null, at: noon }).updatedAt, later)
    assert.deepEqual(Post.remove(post, { expected: null, at: noon }).updatedAt, later)
  })

  it('is not altered by what is made of it', () => {
    const post = Object.freeze(aPost())

    Post.rewrite(post, { text, expected: null, at: later })

    assert.deepEqual(post, aPost())
  })
})

const CHANGES = {
  rewriting: (expected: ReadonlySet<number> | null, version: number) =>
    Post.rewrite(aPost({ version }), { text, expected, at: later }),
  removing: (expected: ReadonlySet<number> | null, version: number) =>
    Post.remove(aPost({ version }), { expected, at: later }),
}

for (const [changing, change] of Object.entries(CHANGES)) {
  describe(`${changing} a post`, () => {
    it('is for those who expect its version, if they expect any', () => {
      fc.assert(
        fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 9 })), fc.integer({ min: 1, max: 9 }), (some, version) => {
          const attempt = () => change(new Set(some), version)
          if (some.includes(version)) assert.equal(attempt().version, version + 1)
          else assert.throws(attempt, StaleVersion)
        }),
      )
    })
  })
}

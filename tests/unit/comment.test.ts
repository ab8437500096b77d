import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Comment } from '../../src/domains/entities/comment.ts'
import { CommentText } from '../../src/domains/entities/comment-text.ts'
import { Forbidden } from '../../src/domains/errors/access-errors.ts'
import { StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { aComment, alice, bob, c1, minutesAfterNoon, noon, p1, superAdmin } from '../fixtures.ts'

const later = minutesAfterNoon(1)
const text = CommentText.parse('Second thoughts.')

describe('a comment', () => {
  it('starts at version 1, never changed', () => {
    const comment = Comment.write({ id: c1, postId: p1, ownerId: bob.userId, text, at: noon })

    assert.deepEqual(comment, {
      id: c1,
      postId: p1,
      ownerId: bob.userId,
      text,
      version: 1,
      createdAt: noon,
      updatedAt: noon,
    })
  })

  it('gets a new text, the next version and the time of the change when rewritten', () => {
    const comment = Comment.rewrite(aComment({ version: 7 }), { editor: bob, text, expected: null, at: later })

    assert.deepEqual(comment, { ...aComment(), text, version: 8, updatedAt: later })
  })

  it('is one version further when removed, with its last text', () => {
    const comment = Comment.remove(aComment({ text: 'Last words.', version: 2 }), {
      remover: bob,
      expected: null,
      at: later,
    })

    assert.deepEqual(comment, { ...aComment({ text: 'Last words.' }), version: 3, updatedAt: later })
  })

  it('is never dated before the version that it follows, when clocks differ', () => {
    const comment = aComment({ createdAt: later })

    assert.deepEqual(Comment.rewrite(comment, { editor: bob, text, expected: null, at: noon }).updatedAt, later)
    assert.deepEqual(Comment.remove(comment, { remover: bob, expected: null, at: noon }).updatedAt, later)
  })

  it('is not altered by what is made of it', () => {
    const comment = Object.freeze(aComment())

    Comment.rewrite(comment, { editor: bob, text, expected: null, at: later })

    assert.deepEqual(comment, aComment())
  })
})

const CHANGES = {
  rewriting: (editor = bob, expected: ReadonlySet<number> | null = null, version = 1) =>
    Comment.rewrite(aComment({ version }), { editor, text, expected, at: later }),
  removing: (editor = bob, expected: ReadonlySet<number> | null = null, version = 1) =>
    Comment.remove(aComment({ version }), { remover: editor, expected, at: later }),
}

for (const [changing, change] of Object.entries(CHANGES)) {
  describe(`${changing} a comment`, () => {
    it('is for its owner and super admins', () => {
      assert.equal(change(bob).version, 2)
      assert.equal(change(superAdmin).version, 2)
      assert.throws(() => change(alice), Forbidden)
    })

    it('does not make a super admin its owner', () => {
      assert.equal(change(superAdmin).ownerId, bob.userId)
    })

    it('goes by the id of the actor, not by the name', () => {
      assert.throws(() => change({ ...alice, profile: bob.profile }), Forbidden)
    })

    it('is for those who expect its version, if they expect any', () => {
      fc.assert(
        fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 9 })), fc.integer({ min: 1, max: 9 }), (some, version) => {
          const attempt = () => change(bob, new Set(some), version)
          if (some.includes(version)) assert.equal(attempt().version, version + 1)
          else assert.throws(attempt, StaleVersion)
        }),
      )
    })

    it('tells a stranger of the ownership, not of the version', () => {
      assert.throws(() => change(alice, new Set([9])), Forbidden)
    })
  })
}

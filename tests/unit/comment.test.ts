import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Comment, CommentId } from '../../src/domains/entities/comment.ts'
import { CommentText } from '../../src/domains/entities/comment-text.ts'
import { StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { bob, minutesAfterNoon, noon, p1 } from '../fixtures.ts'
import { aComment, c1 } from '../kit/comments.ts'
import { describeIdentifier } from './identifier.contract.ts'

const later = minutesAfterNoon(1)
const text = CommentText.parse('Second thoughts.')

describeIdentifier('CommentId', CommentId)

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
    const comment = Comment.rewrite(aComment({ version: 7 }), { text, expected: null, at: later })

    assert.deepEqual(comment, { ...aComment(), text, version: 8, updatedAt: later })
  })

  it('is one version further when removed, with its last text', () => {
    const comment = Comment.remove(aComment({ text: 'Last words.', version: 2 }), {
      expected: null,
      at: later,
    })

    assert.deepEqual(comment, { ...aComment({ text: 'Last words.' }), version: 3, updatedAt: later })
  })

  it('is never dated before the version that it follows, when clocks differ', () => {
    const comment = aComment({ createdAt: later })

    assert.deepEqual(Comment.rewrite(comment, { text, expected: null, at: noon }).updatedAt, later)
    assert.deepEqual(Comment.remove(comment, { expected: null, at: noon }).updatedAt, later)
  })

  it('is not altered by what is made of it', () => {
    const comment = Object.freeze(aComment())

    Comment.rewrite(comment, { text, expected: null, at: later })

    assert.deepEqual(comment, aComment())
  })
})

const CHANGES = {
  rewriting: (expected: ReadonlySet<number> | null, version: number) =>
    Comment.rewrite(aComment({ version }), { text, expected, at: later }),
  removing: (expected: ReadonlySet<number> | null, version: number) =>
    Comment.remove(aComment({ version }), { expected, at: later }),
}

for (const [changing, change] of Object.entries(CHANGES)) {
  describe(`${changing} a comment`, () => {
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

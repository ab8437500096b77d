import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CommentNotFound } from '../../src/domains/errors/comment-errors.ts'
import { alice, aPost, bob, minutesAfterNoon, p1, p2 } from '../fixtures.ts'
import { aComment, c1, c2, c3, setUpComments } from '../kit/comments.ts'
import { NEWEST_FIRST, OLDEST_FIRST } from '../kit/sorts.ts'

const comments = [
  aComment(),
  aComment({ id: c2, createdAt: minutesAfterNoon(1), ownerId: alice.userId }),
  aComment({ id: c3, createdAt: minutesAfterNoon(2), postId: p2 }),
]
const given = { posts: [aPost(), aPost({ id: p2 })], comments }

describe('a page of comments', () => {
  it('has the comments on one post, and counts them', async () => {
    const { commentService } = setUpComments(given)

    const listQuery = {
      filter: { postId: p1 },
      sort: OLDEST_FIRST,
      after: null,
      limit: 1,
    } as const
    const page = await commentService.list({ reader: bob, listQuery, withTotal: true })

    assert.deepEqual(page, { items: [comments[0]], next: { at: comments[0]?.createdAt, id: c1 }, total: 2 })
  })

  it('has the comments of one user', async () => {
    const { commentService } = setUpComments(given)

    const listQuery = {
      filter: { ownerId: bob.userId },
      sort: NEWEST_FIRST,
      after: null,
      limit: 20,
    } as const
    const page = await commentService.list({ reader: alice, listQuery, withTotal: false })

    assert.deepEqual(page, { items: [comments[2], comments[0]], next: null, total: null })
  })
})

describe('reading a comment', () => {
  it('shows anyone’s comment, if it is there', async () => {
    const { commentService } = setUpComments({ ...given, comments: [aComment()] })

    assert.deepEqual(await commentService.read({ reader: alice, id: c1 }), aComment())
    await assert.rejects(commentService.read({ reader: alice, id: c2 }), CommentNotFound)
  })
})

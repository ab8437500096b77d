import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { aPost, p1, p2, postId } from '../fixtures.ts'
import { type Answer, assertProblem } from '../kit/answers.ts'
import { aComment, commentId } from '../kit/comments.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { describeWalks, eachState } from './lists.contract.ts'

const HOW_MANY = 25

describe('lists of comments', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum()
    eachState(forum, HOW_MANY, (n, state) => {
      forum.state.post.set(postId(n), aPost({ ...state, id: postId(n) }))
      forum.state.comment.set(commentId(n), aComment({ ...state, id: commentId(n), postId: n % 5 ? p1 : p2 }))
    })
  })
  after(() => forum[Symbol.asyncDispose]())

  const list = (path: string, query: Record<string, string>): Promise<Answer> =>
    forum.call(forum.alice, 'GET', `/v1/${path}?${new URLSearchParams(query)}`)

  describeWalks('comments', HOW_MANY, () => forum)

  it('are filtered by post, and counted', async () => {
    const onPost = await list('comments', { postId: p2, limit: '100' })

    assert.deepEqual(new Set(onPost.body.items.map((item) => item.postId)), new Set([p2]))
    assert.equal(onPost.body.items.length, 5)
    assert.equal((await list('comments', { count: 'true', limit: '1', postId: p2 })).body.total, 5)
  })

  it('are empty where nothing matches', async () => {
    const { status, headers, body } = await list('comments', { postId: postId(99), count: 'true' })

    assert.deepEqual([status, headers['link'], body], [200, undefined, { items: [], nextCursor: null, total: 0 }])
  })

  it('have cursors of their own, which belong to a post where one is asked for', async () => {
    const query = { limit: '3', sort: 'createdAt' }
    const cursorOf = async (path: string, more = {}) =>
      (await list(path, { ...query, ...more })).body.nextCursor as string

    const ofPosts = { ...query, cursor: await cursorOf('posts') }
    assertProblem(await list('comments', ofPosts), 422, 'invalid-cursor')
    const onPost = await cursorOf('comments', { postId: p1 })
    assertProblem(await list('comments', { ...query, postId: p2, cursor: onPost }), 422, 'invalid-cursor')
  })
})

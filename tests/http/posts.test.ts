import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertProblem } from '../kit/answers.ts'
import { openForum } from '../kit/http.ts'
import { describeWritten } from './written.contract.ts'

describeWritten('posts', { path: '/v1/posts', limit: 10_000, notFound: 'post-not-found', around: async () => ({}) })

describe('removing a post', () => {
  it('removes all comments on it, whoever wrote them, and announces each once', async () => {
    await using forum = await openForum()
    const { alice, bob, call } = forum
    const post = await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
    const body = { postId: post.body.id, text: 'Well said.' }
    const comments = [
      await call(bob, 'POST', '/v1/comments', { body }),
      await call(alice, 'POST', '/v1/comments', { body }),
    ]

    await call(alice, 'DELETE', `/v1/posts/${post.body.id}`)

    for (const { headers } of comments) {
      assertProblem(await call(bob, 'GET', headers['location'] ?? ''), 404, 'comment-not-found')
    }
    assert.deepEqual((await call(bob, 'GET', '/v1/comments')).body.items, [])
    assert.deepEqual(
      forum.state.outbox.slice(-3).map(({ type, version }) => `${type} ${version}`),
      ['comment.removed 2', 'comment.removed 2', 'post.removed 2'],
    )
  })
})

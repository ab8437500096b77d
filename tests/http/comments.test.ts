import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PostId } from '../../src/domains/entities/post.ts'
import { WELCOME } from '../../src/main/modules/posts.ts'
import { aPost } from '../fixtures.ts'
import { assertProblem } from '../kit/answers.ts'
import { openForum } from '../kit/http.ts'
import { describeWritten } from './written.contract.ts'

describeWritten('comments', {
  path: '/v1/comments',
  limit: 2_000,
  notFound: 'comment-not-found',
  async around({ call, bob }) {
    const { body } = await call(bob, 'POST', '/v1/posts', { body: { text: 'What do you think?' } })
    return { postId: body.id }
  },
})

describe('commenting', () => {
  it('needs a post that is there', async () => {
    await using forum = await openForum()
    const comment = (postId: unknown) =>
      forum.call(forum.alice, 'POST', '/v1/comments', { body: { postId, text: 'Hi.' } })
    const post = await forum.call(forum.alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })

    assert.equal((await comment(post.body.id.toUpperCase())).body.postId, post.body.id)
    assertProblem(await comment('01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'), 404, 'post-not-found')
    for (const postId of ['abc', '', 7, null, `urn:uuid:${post.body.id}`]) {
      const answer = await comment(postId)
      assertProblem(answer, 422, 'validation-failed')
      assert.equal(answer.body.errors[0]?.pointer, '/postId')
    }
    await forum.call(forum.alice, 'DELETE', `/v1/posts/${post.body.id}`)
    assertProblem(await comment(post.body.id), 404, 'post-not-found')
  })

  it('stays on its post for ever', async () => {
    await using forum = await openForum()
    const { alice, call } = forum
    const post = await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
    const { body } = await call(alice, 'POST', '/v1/comments', { body: { postId: post.body.id, text: 'Hi.' } })

    const moved = await call(alice, 'PUT', `/v1/comments/${body.id}`, { body: { text: 'Hi.', postId: post.body.id } })

    assertProblem(moved, 422, 'validation-failed')
  })
})

describe('the document of comments', () => {
  it('has an example that works when it is tried out, on the samples', async () => {
    await using forum = await openForum()
    const { alice, call, routes, state } = forum
    const schema = routes.find(({ method, url }) => `${method} ${url}` === 'POST /v1/comments')?.schema
    const { body } = schema as { body?: { examples?: readonly object[]; example?: object } }
    const id = PostId.parse(WELCOME)
    state.post.set(id, aPost({ id }))

    const sent = body?.examples?.[0] ?? body?.example
    assert.ok(sent, 'there is one')
    assert.equal((await call(alice, 'POST', '/v1/comments', { body: sent })).status, 201)
  })
})

describe('removing a post', () => {
  it('removes all comments on it by any author, with one event for each', async () => {
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

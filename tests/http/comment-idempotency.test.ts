import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { PostId } from '../../src/domains/entities/post.ts'
import { UserId } from '../../src/domains/entities/user.ts'
import { aPost } from '../fixtures.ts'
import { assertProblem } from '../kit/answers.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { assertReplayed } from './replayed.ts'

describe('a comment with a key', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum()
  })
  after(() => forum[Symbol.asyncDispose]())

  let keys = 0
  const newKey = () => `key-${++keys}`
  const send = (path: string, key: string, body: object) =>
    forum.call(forum.bob, 'POST', path, { body, headers: { 'idempotency-key': key } })
  const write = (key: string, text = 'Hello.') => send('/v1/posts', key, { text })
  const comment = (key: string, postId: string, text = 'Well said.') => send('/v1/comments', key, { postId, text })

  it('gets it for a comment alike, however the id of its post is written', async () => {
    const [key, { body }] = [newKey(), await write(newKey())]
    const first = await comment(key, body.id)

    assertReplayed(await comment(key, body.id.toUpperCase()), first)
  })

  it('is refused when it asks for something else, there or on another route', async () => {
    const [key, ofBob] = [newKey(), newKey()]
    const [one, other] = [await write(key), await write(newKey())]
    await comment(ofBob, one.body.id)

    const refused = [
      await write(key, 'Something else.'),
      await comment(ofBob, one.body.id, 'Something else.'),
      await comment(ofBob, other.body.id),
      await write(ofBob, 'Well said.'),
    ]

    for (const answer of refused) assertProblem(answer, 422, 'idempotency-key-reused')
  })

  it('may fail, and is tried anew when it comes again', async () => {
    const [key, id] = [newKey(), PostId.parse('01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f')]
    for (let n = 0; n < 2; n++) assertProblem(await comment(key, id), 404, 'post-not-found')

    forum.state.post.set(id, aPost({ id, ownerId: UserId.parse(forum.bob.id) }))
    const first = await comment(key, id)

    assert.equal(first.status, 201)
    assertReplayed(await comment(key, id), first)
  })
})

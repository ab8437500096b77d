import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGrpcForum } from '../kit/grpc.ts'
import { TRANSPORTS } from '../kit/transports.ts'
import { PLACES } from './places.ts'
import { NOBODY, refused } from './refused.ts'
import { describeWritten, type Written } from './written.contract.ts'

const COMMENT: Written = {
  noun: 'comment',
  limit: 2_000,
  async around({ transport, bob }) {
    const { value } = await transport.write(bob, 'post', { text: 'Hello.' })
    return { postId: value.id }
  },
}

for (const { name, skip, open } of PLACES) {
  describe(`a comment over ${name}`, { skip }, () => describeWritten(COMMENT, open))
}

describe('a comment', () => {
  for (const { name, skip, open } of PLACES) {
    it(`needs a post, over ${name}, and goes with it`, { skip }, async () => {
      await using forum = await open()
      const { transport } = forum
      const post = (await transport.write(forum.alice, 'post', { text: 'Hello.' })).value
      const comment = (await transport.write(forum.bob, 'comment', { postId: post.id, text: 'Well said.' })).value

      refused(await transport.write(forum.bob, 'comment', { postId: NOBODY, text: 'Hello?' }), 'post-not-found')
      refused(
        await transport.write(forum.bob, 'comment', { postId: 'abc', text: 'Hello?' }),
        'validation-failed',
        'post_id',
      )
      assert.equal((await transport.list(forum.bob, 'comment', { postId: post.id })).value.items.length, 1)
      assert.equal((await transport.list(forum.bob, 'comment', { postId: NOBODY })).value.items.length, 0)
      await transport.remove(forum.alice, 'post', post.id)
      refused(await transport.read(forum.bob, 'comment', comment.id), 'comment-not-found')
    })
  }
})

describe('a comment that comes again', () => {
  it('over the other transport is the same', async () => {
    await using forum = await openGrpcForum()
    const [rest, grpc] = [TRANSPORTS.REST(forum), TRANSPORTS.gRPC(forum)]
    const { alice } = forum
    const post = (await rest.write(alice, 'post', { text: 'One.' })).value
    const comment = { postId: post.id, text: 'Well said.' }

    const said = await grpc.write(alice, 'comment', comment, 'key-2')
    const upper = { ...comment, postId: post.id.toUpperCase() }
    assert.deepEqual((await rest.write(alice, 'comment', upper, 'key-2')).value, said.value)
  })
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Post } from '../../src/domains/entities/post.ts'
import { UserId } from '../../src/domains/entities/user.ts'
import { noon, postContent, postId } from '../fixtures.ts'
import { until } from '../kit/command.ts'
import { type Forum, openForum } from '../kit/http.ts'

const BIG = '/v1/posts?limit=100'
const READERS = 60

describe('answers that the client does not read', () => {
  it('are bounded: large ones are refused meanwhile, small ones are not', async () => {
    await using forum = await openForum()
    await writeLargePage(forum)
    await forum.http.listen({ port: 0, host: '127.0.0.1' })
    const { port } = forum.http.server.address() as AddressInfo
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers: authorized(forum) })

    const sockets = Array.from({ length: READERS }, () => connect(port, '127.0.0.1').pause())
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    for (const socket of sockets)
      socket.write(`GET ${BIG} HTTP/1.1\r\nHost: forum\r\nAuthorization: Bearer ${forum.alice.token}\r\n\r\n`)
    await sleep(1_500)

    const refused = await ask(BIG)
    assert.equal(refused.status, 503)
    assert.equal(((await refused.json()) as { code: string }).code, 'overloaded')
    assert.equal((await ask('/v1/users/me')).status, 200)

    for (const socket of sockets) socket.destroy()
    await until('a page is given again', async () => {
      const taken = await ask(BIG)
      await taken.arrayBuffer()
      return taken.status === 200
    })
  })
})

const authorized = ({ alice }: Forum) => ({ authorization: `Bearer ${alice.token}` })

/** As large as a page gets: a hundred posts of ten thousand characters of four bytes. */
async function writeLargePage({ state, alice, call }: Forum): Promise<void> {
  const { body } = await call(alice, 'GET', '/v1/users/me')
  const owner = UserId.parse(body.id)
  const content = postContent('🐯'.repeat(10_000))
  for (let n = 1; n <= 100; n++)
    state.post.set(postId(n), Post.write({ id: postId(n), ownerId: owner, ...content, at: noon }))
}

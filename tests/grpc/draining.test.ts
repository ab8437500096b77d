import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { until } from '../kit/command.ts'
import { openGrpcForum } from '../kit/grpc.ts'
import { assertRefused } from '../kit/grpc-client.ts'
import { frame, openSession, sendFrames } from '../kit/grpc-frames.ts'

describe('a server that closes', () => {
  it('answers what is under way, and takes nothing more', async () => {
    await using forum = await openGrpcForum()
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { me } = forum.services.users
    let isHeld = false
    forum.services.users.me = async (actor) => {
      isHeld = true
      await held
      return me(actor)
    }
    const answer = forum.rpc(forum.alice, 'forum.v1.UserService/GetMe')
    await until('it is under way', () => isHeld)

    const late = forum.connect()
    let isClosed = false
    const closing = forum.server.close().then(() => {
      isClosed = true
    })
    assert.equal((await late.call(forum.alice, 'forum.v1.PostService/ListPosts')).status, 'UNAVAILABLE')
    assert.equal(isClosed, false)
    release()

    assert.equal((await answer).status, 'OK')
    await closing
  })

  it('waits neither for connections that do nothing nor for requests that do not arrive', async () => {
    await using forum = await openGrpcForum({ limits: { requestTimeoutMs: 300 } })
    const [idle, slow] = [await openSession(forum.server.port()), await openSession(forum.server.port())]
    const silent = connect(forum.server.port(), '127.0.0.1')
    silent.resume()
    await once(silent, 'connect')
    const refused = sendFrames(slow, {
      token: forum.alice.token,
      body: frame(Buffer.alloc(9)).subarray(0, 6),
      isOpen: true,
    })
    await new Promise((resolve) => slow.ping(resolve)) // What was sent before has arrived, too.

    await forum.server.close()

    assertRefused((await refused).answer, 'DEADLINE_EXCEEDED', 'REQUEST_TIMEOUT')
    await until('all are closed', () => idle.closed && slow.closed && silent.destroyed)
  })

  for (const [what, bytes] of Object.entries({
    nothing: '',
    'half a preface': 'PRI * HT',
    'a preface and its settings': `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00`,
  })) {
    it(`does not wait for a client that sent ${what} and does not end its side`, async () => {
      await using forum = await openGrpcForum()
      assert.equal((await forum.rpc(forum.alice, 'forum.v1.UserService/GetMe')).status, 'OK')
      const client = connect({ port: forum.server.port(), host: '127.0.0.1', allowHalfOpen: true })
      client.resume().on('error', () => {})
      await once(client, 'connect')
      client.write(bytes)
      await new Promise((resolve) => setTimeout(resolve, 50))

      await forum.server.close()
      client.destroy()
    })
  }

  it('closes although no client ever called', async () => {
    await using forum = await openGrpcForum()

    await forum.server.close()
  })
})

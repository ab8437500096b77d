import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { until } from '../kit/command.ts'
import { type GrpcForum, openGrpcForum } from '../kit/grpc.ts'
import { assertRefused, codecOf } from '../kit/grpc-client.ts'
import { frame, openSession, sendFrames, unread } from '../kit/grpc-frames.ts'

const LIST = 'forum.v1.PostService/ListPosts'

/** A page of these has 4 MB. */
async function writeLargePosts({ rpc, alice }: GrpcForum): Promise<void> {
  const text = '🐯'.repeat(10_000)
  for (let n = 0; n < 100; n++) await rpc(alice, 'forum.v1.PostService/CreatePost', { text })
}

describe('readers who take nothing', () => {
  it('make this process hold 64 MB at most: then large answers are refused, and small ones are not', async () => {
    await using forum = await openGrpcForum()
    await writeLargePosts(forum)
    const session = await openSession(forum.server.port())
    for (let n = 0; n < 16; n++) unread(session, LIST, forum.alice.token, { pageSize: 100 })
    await new Promise((resolve) => session.ping(resolve))
    const other = await openSession(forum.server.port())
    const { serialize } = codecOf(LIST)
    const ask = (pageSize: number) =>
      sendFrames(other, { path: `/${LIST}`, token: forum.bob.token, body: frame(serialize({ pageSize })) })
    let refused = (await ask(100)).answer
    for (let n = 0; n < 50 && refused.status === 'OK'; n++) refused = (await ask(100)).answer

    assertRefused(refused, 'UNAVAILABLE', 'OVERLOADED')
    assert.equal((await ask(1)).answer.status, 'OK')
    session.destroy()
    other.destroy()
    await until('it is given back', async () => (await forum.rpc(forum.bob, LIST, { pageSize: 100 })).status === 'OK')
  })

  it('hold nothing once they have left, even before their answer was ready', async () => {
    await using forum = await openGrpcForum()
    await writeLargePosts(forum)
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { list } = forum.services.posts
    let begun = 0
    forum.services.posts.list = async (request) => {
      begun++
      await held
      return list(request)
    }
    const session = await openSession(forum.server.port())
    const streams = Array.from({ length: 17 }, () => unread(session, LIST, forum.alice.token, { pageSize: 100 }))
    await until('all are being answered', () => begun === streams.length)
    const before = forum.grpcLines.length
    for (const stream of streams) stream.close(8)
    await until('the server knows that all have left', () => forum.grpcLines.length === before + streams.length)
    release()

    assert.equal((await forum.rpc(forum.bob, LIST, { pageSize: 100 })).status, 'OK')
    session.destroy()
  })

  it('are cut off', async () => {
    await using forum = await openGrpcForum({ limits: { stallTimeoutMs: 300 } })
    await writeLargePosts(forum)
    const session = await openSession(forum.server.port())
    const stream = unread(session, LIST, forum.alice.token, { pageSize: 100 })
    await until('it is cut', () => stream.rstCode === 8)

    session.destroy()
  })
})

describe('limits', () => {
  it('hold for the number of connections', async () => {
    await using forum = await openGrpcForum({ limits: { connections: 2 } })
    const sockets = [1, 2].map(() => connect(forum.server.port(), '127.0.0.1').on('error', () => {}))
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    const third = connect(forum.server.port(), '127.0.0.1').on('error', () => {})
    third.resume()
    await once(third, 'close')

    for (const socket of sockets) socket.destroy()
  })
})

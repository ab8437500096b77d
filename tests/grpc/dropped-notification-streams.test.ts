import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { openGrpcForum } from '../kit/grpc.ts'
import { assertRefused, codecOf } from '../kit/grpc-client.ts'
import { frame, openSession } from '../kit/grpc-frames.ts'

describe('streams of notifications', () => {
  it('end at once when the server closes, which says that another process answers, and when', async () => {
    await using forum = await openGrpcForum()
    const watches = [forum.watch(forum.alice), forum.watch(forum.bob)]
    await Promise.all(watches.map(({ opened }) => opened))

    await forum.server.close()

    for (const { ended } of watches) assertRefused(await ended, 'UNAVAILABLE', 'SHUTTING_DOWN')
  })

  it('may be opened and dropped by the thousand: others are served, and nothing stays', async () => {
    await using forum = await openGrpcForum()
    const session = await openSession(forum.server.port())
    const { path, serialize } = codecOf('forum.v1.NotificationService/WatchNotifications')
    for (let round = 0; round < 10; round++) {
      const streams = Array.from({ length: 100 }, () => {
        const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' }
        const stream = session.request({ ...headers, authorization: `Bearer ${forum.alice.token}` })
        stream.on('error', () => {}).end(frame(serialize({})))
        return stream
      })
      await Promise.all(streams.map((stream) => Promise.race([once(stream, 'response'), once(stream, 'close')])))
      for (const stream of streams) stream.close(8)
      await Promise.all(streams.map((stream) => (stream.closed && stream.destroyed ? null : once(stream, 'close'))))
      assert.equal((await forum.rpc(forum.bob, 'forum.v1.UserService/GetMe')).status, 'OK')
    }
    session.destroy()

    const watch = forum.watch(forum.alice)
    await watch.opened
    watch.leave()
    assert.ok(forum.grpcLines.length >= 1_000, 'each call has its line')
  })
})

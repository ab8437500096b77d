import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type GrpcForum, openGrpcForum } from '../kit/grpc.ts'
import { assertRefused, codecOf } from '../kit/grpc-client.ts'
import { CREATE, type FrameAnswer, frame, openSession, sendFrames } from '../kit/grpc-frames.ts'

const MAX_BYTES = 256 * 1024
const message = (text: string): Buffer => codecOf('forum.v1.PostService/CreatePost').serialize({ text })
const HELLO = message('Hello.')
const INTACT = /^(?:OK null|UNAUTHENTICATED AUTHENTICATION_REQUIRED)$/

describe('what is no call', () => {
  let forum: GrpcForum
  before(async () => {
    forum = await openGrpcForum({ limits: { requestTimeoutMs: 300 } })
  })
  after(() => forum[Symbol.asyncDispose]())

  async function send(sent: Parameters<typeof sendFrames>[1]): Promise<FrameAnswer> {
    const session = await openSession(forum.server.port())
    try {
      return await sendFrames(session, { token: forum.alice.token, ...sent })
    } finally {
      session.destroy()
    }
  }

  const REFUSED: Readonly<Record<string, readonly [Buffer, string, string]>> = {
    'no message': [Buffer.alloc(0), 'INVALID_ARGUMENT', 'MALFORMED_REQUEST'],
    'two messages': [Buffer.concat([frame(HELLO), frame(HELLO)]), 'INVALID_ARGUMENT', 'MALFORMED_REQUEST'],
    garbage: [frame(Buffer.from('garbage, not a message')), 'INVALID_ARGUMENT', 'MALFORMED_REQUEST'],
    'a message that ends too early': [frame(Buffer.from([0x0a, 0x7f, 0x41])), 'INVALID_ARGUMENT', 'MALFORMED_REQUEST'],
    'a frame that ends too early': [frame(HELLO, { length: 99 }), 'INVALID_ARGUMENT', 'MALFORMED_REQUEST'],
    'text that is not UTF-8': [frame(Buffer.from([0x0a, 2, 0x41, 0xff])), 'INVALID_ARGUMENT', 'VALIDATION_FAILED'],
    'half a character': [frame(Buffer.from([0x0a, 3, 0xed, 0xa0, 0x80])), 'INVALID_ARGUMENT', 'VALIDATION_FAILED'],
    'a message of a byte too many': [frame(Buffer.alloc(MAX_BYTES + 1)), 'RESOURCE_EXHAUSTED', 'PAYLOAD_TOO_LARGE'],
    'a message that says it has 4 GB': [
      frame(HELLO, { length: 2 ** 32 - 1 }),
      'RESOURCE_EXHAUSTED',
      'PAYLOAD_TOO_LARGE',
    ],
    'the largest message': [frame(message('a'.repeat(MAX_BYTES - 4))), 'INVALID_ARGUMENT', 'VALIDATION_FAILED'],
  }
  for (const [what, [body, status, reason]] of Object.entries(REFUSED)) {
    it(`is refused: ${what}`, async () => {
      const before = forum.hash()
      const { httpStatus, answer } = await send({ body })

      assert.equal(httpStatus, 200)
      assertRefused(answer, status, reason)
      assert.equal(forum.hash(), before)
    })
  }

  it('is read when it is compressed, and refused when that is not known here, or makes it too large', async () => {
    const send1 = (body: Buffer, encoding: string) => send({ body, headers: { 'grpc-encoding': encoding } })

    assert.equal((await send1(frame(gzipSync(HELLO), { flag: 1 }), 'gzip')).answer.status, 'OK')
    const bomb = frame(gzipSync(Buffer.alloc(50_000_000)), { flag: 1 })
    assertRefused((await send1(bomb, 'gzip')).answer, 'RESOURCE_EXHAUSTED', 'PAYLOAD_TOO_LARGE')
    assertRefused((await send1(frame(HELLO, { flag: 1 }), 'gzip')).answer, 'INVALID_ARGUMENT', 'MALFORMED_REQUEST')
    const snappy = await send1(frame(HELLO, { flag: 1 }), 'snappy')
    assertRefused(snappy.answer, 'UNIMPLEMENTED', 'UNSUPPORTED_MEDIA_TYPE')
  })

  it('is refused: other content types, other methods, other services', async () => {
    assert.equal((await send({ headers: { 'content-type': 'application/json' }, body: frame(HELLO) })).httpStatus, 415)
    for (const path of ['/forum.v1.PostService/Nothing', '/forum.v2.PostService/CreatePost', '/', `${CREATE}/`]) {
      assert.equal((await send({ path, body: frame(HELLO) })).answer.status, 'UNIMPLEMENTED', path)
    }
  })

  it('is refused for its credentials before it is read', async () => {
    const session = await openSession(forum.server.port())
    const { answer } = await sendFrames(session, { body: frame(Buffer.from('garbage, not a message')) })
    session.destroy()

    assertRefused(answer, 'UNAUTHENTICATED', 'AUTHENTICATION_REQUIRED')
  })

  it('is refused: a deadline that is none', async () => {
    const { answer } = await send({ headers: { 'grpc-timeout': 'soon' }, body: frame(HELLO) })

    assertRefused(answer, 'INVALID_ARGUMENT', 'MALFORMED_REQUEST')
  })

  it('is refused: a request that does not arrive in time, with or without credentials', async () => {
    for (const body of [Buffer.alloc(0), frame(HELLO).subarray(0, 7), frame(HELLO)]) {
      assertRefused((await send({ body, isOpen: true })).answer, 'DEADLINE_EXCEEDED', 'REQUEST_TIMEOUT')
    }
  })

  it('ends the connection where it is not HTTP/2', async () => {
    for (const text of ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', '\x16\x03\x01\x02\x00\x01', '\0'.repeat(1_000)]) {
      const socket = connect(forum.server.port(), '127.0.0.1').on('error', () => {})
      socket.write(text)
      socket.resume()
      await once(socket, 'close')
    }
  })

  it('leaves the service as it was', async () => {
    const { status, reason } = await forum.rpc(forum.alice, 'forum.v1.PostService/CreatePost', { text: 'Hello.' })

    assert.match(`${status} ${reason}`, INTACT)
    assert.deepEqual(forum.failures, [])
  })
})

describe('many streams', () => {
  it('that are reset as fast as can be end their connection alone', async () => {
    await using forum = await openGrpcForum()
    const session = await openSession(forum.server.port())
    let sent = 0
    while (!session.destroyed && !session.closed && sent < 50_000) {
      for (let n = 0; n < 50 && !session.destroyed && !session.closed; n++, sent++) {
        const stream = session.request({ ':method': 'POST', ':path': CREATE, 'content-type': 'application/grpc' })
        stream.on('error', () => {}).close(8)
      }
      await new Promise(setImmediate)
    }

    assert.ok(session.destroyed || session.closed, `still open after ${sent}`)
    assert.equal((await forum.rpc(forum.bob, 'forum.v1.UserService/GetMe')).status, 'OK')
  })
})

import { once } from 'node:events'
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2'
import { Metadata } from '@grpc/grpc-js'
import { answerOf, codecOf, type GrpcAnswer } from './grpc-client.ts'

type Frames = Readonly<{
  path?: string
  token?: string
  headers?: OutgoingHttpHeaders
  /** What is sent as the body, and whether it ends there. */
  body?: Buffer
  isOpen?: boolean
}>

/** What HTTP/2 says, and what it says in gRPC. */
export type FrameAnswer = Readonly<{ httpStatus: number; answer: GrpcAnswer }>

export const CREATE = '/forum.v1.PostService/CreatePost'

/** A length-prefixed message. */
export function frame(message: Buffer, { flag = 0, length = message.length } = {}): Buffer {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt8(flag)
  prefix.writeUInt32BE(length, 1)
  return Buffer.concat([prefix, message])
}

/** A connection that sends frames which no correct client sends. */
export async function openSession(port: number): Promise<ClientHttp2Session> {
  const session = connect(`http://127.0.0.1:${port}`).on('error', () => {})
  await once(session, 'connect')
  return session
}

/** Sends a request as it is, and reads what comes back. */
export async function sendFrames(
  session: ClientHttp2Session,
  { path = CREATE, token, headers, body = Buffer.alloc(0), isOpen = false }: Frames,
): Promise<FrameAnswer> {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...headers,
  })
  stream.on('error', () => {})
  let trailers: OutgoingHttpHeaders = {}
  stream.on('trailers', (received) => {
    trailers = received
  })
  if (isOpen) stream.write(body)
  else stream.end(body)
  const [received] = (await once(stream, 'response')) as [OutgoingHttpHeaders]
  stream.resume()
  await once(stream, 'close')
  const ended = { ...received, ...trailers }
  const httpStatus = Number(received[':status'])
  const [code, details] = [Number(ended['grpc-status'] ?? Number.NaN), String(ended['grpc-message'] ?? 'none')]
  const metadata = Metadata.fromHttp2Headers(ended as never)
  return { httpStatus, answer: answerOf({ code, details: decodeURI(details), metadata }, new Metadata(), undefined) }
}

/** Sends a request and does not read its answer. */
export function unread(session: ClientHttp2Session, name: string, token: string, request = {}): ClientHttp2Stream {
  const { path, serialize } = codecOf(name)
  const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' }
  const stream = session.request({ ...headers, authorization: `Bearer ${token}` }).on('error', () => {})
  stream.pause()
  stream.end(frame(serialize(request)))
  return stream
}

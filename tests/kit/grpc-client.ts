import assert from 'node:assert/strict'
import { Client, type ClientReadableStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import { loadErrorModel, loadInterface, messageOf, serviceOf } from '../../src/controllers/grpc/definitions.ts'
import type { Person } from './people.ts'

/** Whatever the service may answer with: tests name what they expect of it. */
export type Message = Readonly<{
  id: string
  postId: string
  commentId: string
  ownerId: string
  text: string
  version: number
  createdAt: Readonly<{ seconds: number; nanos: number }>
  updatedAt: Readonly<{ seconds: number; nanos: number }>
  username: string
  posts: readonly Message[]
  comments: readonly Message[]
  notifications: readonly Message[]
  nextPageToken: string
  totalSize?: number
}>

type Violation = Readonly<{ field: string; description: string }>

/** An answer over gRPC: the message where it is OK, else what the details of the status say. */
export type GrpcAnswer = Readonly<{
  status: string
  reason: string | null
  detail: string
  violations: readonly Violation[]
  retryAfterSeconds: number | null
  headers: Readonly<Record<string, string>>
  trailers: Readonly<Record<string, string>>
  message: Message
}>

export type Sent = Readonly<{
  metadata?: Readonly<Record<string, string>>
  deadlineMs?: number
  /** Sent as the message, whatever it is. */
  bytes?: Buffer
}>

const TIMEOUT_MS = 10_000
const NAMES =
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  )

const definitions = loadInterface()
const model = loadErrorModel()

/** A stream of notifications, as its reader has it. */
export type Watch = Readonly<{
  received: readonly Message[]
  opened: Promise<Metadata>
  ended: Promise<GrpcAnswer>
  leave: () => void
  stream: ClientReadableStream<object>
}>

export type GrpcClient = ReturnType<typeof grpcClientOf>

/** Calls a service at an address over one connection, as an application would. Each answer is proven to be a sound one. */
export function grpcClientOf(address: string, options: Readonly<Record<string, number>> = {}) {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1, ...options })

  /** `forum.v1.PostService/CreatePost` of a request; deadlines and metadata may be added. */
  function call(
    who: Pick<Person, 'token'> | null,
    name: string,
    request: object = {},
    sent: Sent = {},
  ): Promise<GrpcAnswer> {
    const { path, serialize, deserialize } = codecOf(name, sent.bytes)
    const { promise, resolve } = Promise.withResolvers<GrpcAnswer>()
    let answered: object | undefined
    let failed: ServiceError | null = null
    let headers = new Metadata()
    const deadline = Date.now() + (sent.deadlineMs ?? TIMEOUT_MS)
    client
      .makeUnaryRequest(
        path,
        serialize,
        deserialize,
        request,
        metadataOf(who, sent),
        { deadline },
        (error, response) => {
          failed = error
          answered = response
        },
      )
      .on('metadata', (metadata: Metadata) => {
        headers = metadata
      })
      .on('status', (status) =>
        setImmediate(() => resolve(answerOf(status, headers, failed === null ? answered : undefined))),
      )
    return promise
  }

  /** Opens a stream and collects its messages. */
  function watch(who: Pick<Person, 'token'> | null, lastNotificationId = '', sent: Sent = {}): Watch {
    const { path, serialize, deserialize } = codecOf('forum.v1.NotificationService/WatchNotifications')
    const [opened, ended] = [Promise.withResolvers<Metadata>(), Promise.withResolvers<GrpcAnswer>()]
    const received: Message[] = []
    const deadline = sent.deadlineMs === undefined ? {} : { deadline: Date.now() + sent.deadlineMs }
    const stream = client
      .makeServerStreamRequest(path, serialize, deserialize, { lastNotificationId }, metadataOf(who, sent), deadline)
      .on('metadata', opened.resolve)
      .on('data', (message: Message) => received.push(message))
      .on('error', () => {})
      .on('status', async (status) => {
        const headers = await Promise.race([opened.promise, new Metadata()])
        ended.resolve(answerOf(status, headers, undefined))
      })
    return { received, opened: opened.promise, ended: ended.promise, leave: () => stream.cancel(), stream }
  }

  return { client, call, watch, close: () => client.close() }
}

/** How the messages of a method are written and read. */
export function codecOf(name: string, bytes?: Buffer) {
  const [service = '', method = ''] = name.split('/')
  const definition = serviceOf(definitions, service)[method] as MethodDefinition<object, object>
  return {
    path: `/${name}`,
    serialize: (request: object): Buffer => bytes ?? definition.requestSerialize(request),
    deserialize: (answer: Buffer): object => definition.responseDeserialize(answer),
  }
}

function metadataOf(who: Pick<Person, 'token'> | null, { metadata = {} }: Sent): Metadata {
  const all = new Metadata()
  if (who !== null) all.set('authorization', `Bearer ${who.token}`)
  for (const [name, value] of Object.entries(metadata)) all.set(name, value)
  return all
}

type Ended = Readonly<{ code: number; details: string; metadata: Metadata }>

/** What an ended call says. A failure that the server sent has its details, which say nothing of the inside. */
export function answerOf(
  { code, details, metadata }: Ended,
  headers: Metadata,
  message: object | undefined,
): GrpcAnswer {
  const parsed = detailsOf(metadata)
  const answer = {
    status: NAMES[code] ?? String(code),
    detail: details,
    headers: textsOf(headers),
    trailers: textsOf(metadata),
    message: (message ?? {}) as Message,
    ...parsed,
  }
  if (parsed.reason !== null) assert.doesNotMatch(details, /node_modules|SELECT |INSERT |Error:|ECONN|\.ts:\d/)
  if (parsed.reason !== null) assert.match(parsed.reason, /^[A-Z][A-Z_]+$/)
  return answer
}

/** The call failed with this status and reason, and says so in every way that it should. */
export function assertRefused(answer: GrpcAnswer, status: string, reason: string): void {
  assert.equal(`${answer.status} ${answer.reason}`, `${status} ${reason}`, answer.detail)
  assert.match(answer.headers['x-request-id'] ?? answer.trailers['x-request-id'] ?? '', /^[\w.-]{8,128}$/)
  assert.ok(answer.detail.length > 3)
  if (reason === 'VALIDATION_FAILED') assert.ok(answer.violations.length > 0, 'says what is wrong')
  if (['RATE_LIMITED', 'CONFLICT'].includes(reason) || status === 'UNAVAILABLE')
    assert.ok((answer.retryAfterSeconds ?? 0) > 0)
}

const textsOf = (metadata: Metadata) => metadata.getMap() as Readonly<Record<string, string>>

type Any = Readonly<{ type_url: string; value: Buffer }>

function detailsOf(metadata: Metadata) {
  const [bytes] = metadata.get('grpc-status-details-bin')
  const none = { reason: null, violations: [], retryAfterSeconds: null }
  if (bytes === undefined) return none
  const { details } = messageOf(model, 'google.rpc.Status').deserialize(bytes as Buffer) as { details: readonly Any[] }
  const read = (type: string) => {
    const any = details.find(({ type_url }) => type_url === `type.googleapis.com/google.rpc.${type}`)
    return any && (messageOf(model, `google.rpc.${type}`).deserialize(any.value) as never)
  }
  const info = read('ErrorInfo') as { reason: string; domain: string } | undefined
  const request = read('BadRequest') as { fieldViolations: readonly Violation[] } | undefined
  const retry = read('RetryInfo') as { retryDelay: { seconds: number } } | undefined
  assert.equal(info?.domain, 'forum')
  return {
    reason: info?.reason ?? null,
    violations: request?.fieldViolations ?? [],
    retryAfterSeconds: retry?.retryDelay.seconds ?? null,
  }
}

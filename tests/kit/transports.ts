import assert from 'node:assert/strict'
import { assertProblem, CODES } from './answers.ts'
import type { GrpcForum } from './grpc.ts'
import { assertRefused, type GrpcAnswer, type Message } from './grpc-client.ts'
import type { Call } from './http.ts'
import type { Person } from './people.ts'

/** What every transport calls a post or comment. */
export type Noun = 'post' | 'comment'

/** A resource as every transport returns it. */
export type Thing = Readonly<{
  id: string
  ownerId: string
  postId?: string
  text: string
  version: number
  createdAt: string
  updatedAt: string
}>

/** How a request ended, in the words of REST: a code for a refusal, else null; and the fields that were wrong. */
export type Outcome = Readonly<{ code: string | null; fields: readonly string[]; detail: string; isReplay: boolean }>
export type Given<Value> = Outcome & Readonly<{ value: Value }>
export type Page = Readonly<{ items: readonly Thing[]; next: string | null; total: number | null }>

export type ListQuery = Readonly<{
  limit?: number
  cursor?: string
  sort?: string
  ownerId?: string
  postId?: string
  createdFrom?: string
  createdTo?: string
  count?: boolean
}>

type Who = Pick<Person, 'token'> | null

/** The operations on what users write, over one transport. */
export type Transport = Readonly<{
  name: string
  write(who: Who, noun: Noun, fields: Readonly<Record<string, string>>, key?: string): Promise<Given<Thing>>
  read(who: Who, noun: Noun, id: string): Promise<Given<Thing>>
  list(who: Who, noun: Noun, query?: ListQuery): Promise<Given<Page>>
  rewrite(who: Who, noun: Noun, id: string, text: string, expected?: number): Promise<Given<Thing>>
  remove(who: Who, noun: Noun, id: string, expected?: number): Promise<Outcome>
  me(who: Who): Promise<Given<Account>>
  user(who: Who, id: string): Promise<Given<Account>>
  notifications(who: Who, query?: NotificationQuery): Promise<Given<NotificationPage>>
  markAsRead(who: Who, id: string): Promise<Outcome>
}>

export type NotificationQuery = Readonly<{ limit?: number; cursor?: string; unread?: boolean }>
export type ShownNotification = Readonly<{
  id: string
  type: string
  postId: string
  commentId: string
  authorId: string
  isRead: boolean
}>
export type NotificationPage = Readonly<{ items: readonly ShownNotification[]; next: string | null }>
export type Account = Readonly<{ id: string; username: string; fullName: string | null; email?: string | null }>

/** Both transports of one forum, on which each suite runs. */
export const TRANSPORTS = { REST: restOf, gRPC: grpcOf } as const

function restOf({ call }: GrpcForum): Transport {
  async function ask<Value>(who: Who, method: string, url: string, sent: Call = {}): Promise<Given<Value>> {
    const answer = await call(who as Person | null, method, url, sent)
    const { status, body, headers } = answer
    const isRefused = status >= 400
    if (isRefused) assertProblem(answer, CODES[body.code] ?? 0, body.code)
    const fields = (body.errors ?? []).map(({ pointer }) => nameOf(pointer))
    const outcome = { code: isRefused ? body.code : null, fields, detail: body.detail ?? '' }
    return { ...outcome, isReplay: headers['idempotency-replayed'] === 'true', value: body as Value }
  }

  const nameOf = (pointer: string) => REST_FIELDS[pointer.slice(1)] ?? snake(pointer.slice(1))
  const match = (expected?: number) => (expected === undefined ? {} : { headers: { 'if-match': `"${expected}"` } })

  return {
    name: 'REST',
    write: (who, noun, fields, key) =>
      ask(who, 'POST', `/v1/${noun}s`, {
        body: fields,
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      }),
    read: (who, noun, id) => ask(who, 'GET', `/v1/${noun}s/${encodeURIComponent(id)}`),
    async list(who, noun, query = {}) {
      const asked = Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string])
      const answer = await ask<{ items: Thing[]; nextCursor: string | null; total?: number }>(
        who,
        'GET',
        `/v1/${noun}s?${new URLSearchParams(asked)}`,
      )
      const { items = [], nextCursor: next = null, total = null } = answer.value
      return { ...answer, value: { items, next, total } }
    },
    rewrite: (who, noun, id, text, expected) =>
      ask(who, 'PUT', `/v1/${noun}s/${id}`, { body: { text }, ...match(expected) }),
    remove: (who, noun, id, expected) => ask(who, 'DELETE', `/v1/${noun}s/${id}`, match(expected)),
    me: (who) => ask(who, 'GET', '/v1/users/me'),
    user: (who, id) => ask(who, 'GET', `/v1/users/${id}`),
    async notifications(who, query = {}) {
      const asked = Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string])
      const answer = await ask<{ items: Notification[]; nextCursor: string | null }>(
        who,
        'GET',
        `/v1/notifications?${new URLSearchParams(asked)}`,
      )
      const { items = [], nextCursor: next = null } = answer.value
      return { ...answer, value: { items: items.map(notificationOf), next } }
    },
    markAsRead: (who, id) => ask(who, 'POST', `/v1/notifications/${id}/read`),
  }
}

/** Fields that have other names over gRPC. */
const REST_FIELDS: Readonly<Record<string, string>> = {
  limit: 'page_size',
  cursor: 'page_token',
  sort: 'order_by',
  'idempotency-key': 'request_id',
}

function grpcOf({ rpc }: GrpcForum): Transport {
  async function ask<Value>(who: Who, method: string, request: object, read: (message: Message) => Value) {
    const answer = await rpc(who, `forum.v1.${method}`, request)
    const { status, detail, violations, trailers, message } = answer
    const code = answer.reason?.toLowerCase().replaceAll('_', '-') ?? null
    if (status === 'OK') assert.equal(code, null)
    else assertRefused(answer, statusOf(code ?? ''), answer.reason ?? 'a reason')
    const outcome = { code, detail, fields: violations.map(({ field }) => field) }
    const value = read(message)
    return { ...outcome, isReplay: trailers['idempotency-replayed'] === 'true', value }
  }

  const service = (noun: Noun, verb: string, plural = '') => {
    const name = noun === 'post' ? 'Post' : 'Comment'
    return `${name}Service/${verb}${name}${plural}`
  }
  const expecting = (expectedVersion?: number) => (expectedVersion === undefined ? {} : { expectedVersion })

  return {
    name: 'gRPC',
    write: (who, noun, fields, requestId = '') => ask(who, service(noun, 'Create'), { ...fields, requestId }, thingOf),
    read: (who, noun, id) => ask(who, service(noun, 'Get'), { id }, thingOf),
    list: (who, noun, query = {}) => ask(who, service(noun, 'List', 's'), requestOf(query), pageOf),
    rewrite: (who, noun, id, text, expected) =>
      ask(who, service(noun, 'Update'), { id, text, ...expecting(expected) }, thingOf),
    remove: (who, noun, id, expected) => ask(who, service(noun, 'Delete'), { id, ...expecting(expected) }, () => null),
    me: (who) => ask(who, 'UserService/GetMe', {}, accountOf),
    user: (who, id) => ask(who, 'UserService/GetUser', { id }, accountOf),
    notifications: (who, { limit: pageSize = 0, cursor: pageToken = '', unread = false } = {}) =>
      ask(who, 'NotificationService/ListNotifications', { pageSize, pageToken, unread }, (message) => ({
        items: (message.notifications ?? []).map((item) => notificationOf(item as unknown as Notification)),
        next: message.nextPageToken || null,
      })),
    markAsRead: (who, id) => ask(who, 'NotificationService/MarkNotificationRead', { id }, () => null),
  }
}

/** The status that the contract gives to a code of REST. */
function statusOf(code: string): GrpcAnswer['status'] {
  const status = CODES[code] ?? 0
  const name = STATUSES[status]
  assert.ok(name, `${code} has a status`)
  return name
}

const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  412: 'FAILED_PRECONDITION',
  413: 'RESOURCE_EXHAUSTED',
  422: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}

const timeOf = ({ seconds, nanos }: Message['createdAt']) => new Date(seconds * 1000 + nanos / 1e6).toISOString()

/** Field by field as it came, with times as REST writes them. */
function thingOf(message: Message): Thing {
  if (message.id === undefined) return {} as Thing
  const { createdAt, updatedAt, ...rest } = message
  return { ...rest, createdAt: timeOf(createdAt), updatedAt: timeOf(updatedAt) }
}

type Notification = Omit<ShownNotification, 'isRead'> & Readonly<{ readAt?: unknown }>

const notificationOf = ({ id, type, postId, commentId, authorId, readAt }: Notification): ShownNotification => ({
  id,
  type,
  postId,
  commentId,
  authorId,
  isRead: (readAt ?? null) !== null,
})

const accountOf = (message: Message) => message as unknown as Account

const pageOf = ({ posts, comments, nextPageToken, totalSize }: Message): Page => ({
  items: (posts ?? comments ?? []).map(thingOf),
  next: nextPageToken || null,
  total: totalSize ?? null,
})

function requestOf({ limit, cursor, sort, createdFrom, createdTo, ...rest }: ListQuery) {
  return {
    ...rest,
    pageSize: limit ?? 0,
    pageToken: cursor ?? '',
    orderBy: sort === undefined ? '' : orderOf(sort),
    ...(createdFrom === undefined ? {} : { createdFrom: timestampOf(createdFrom) }),
    ...(createdTo === undefined ? {} : { createdTo: timestampOf(createdTo) }),
  }
}

const orderOf = (sort: string) => snake(sort.replace(/^-/, '')) + (sort.startsWith('-') ? ' desc' : '')
const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const timestampOf = (text: string) => {
  const milliseconds = new Date(text).getTime()
  const seconds = Math.floor(milliseconds / 1000)
  return { seconds, nanos: (milliseconds - seconds * 1000) * 1e6 }
}

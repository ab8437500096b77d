import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { memoryCache } from '../../src/infrastructures/cache/memory/memory-cache.ts'
import { until } from '../kit/command.ts'
import { openGrpcForum } from '../kit/grpc.ts'
import { assertRefused } from '../kit/grpc-client.ts'

const ME = 'forum.v1.UserService/GetMe'
const CREATE = 'forum.v1.PostService/CreatePost'

describe('a call', () => {
  it('keeps the request id of its caller, where it is a sane one, and gets one else', async () => {
    await using forum = await openGrpcForum()
    const idOf = async (id: string) =>
      (await forum.rpc(forum.alice, ME, {}, { metadata: { 'x-request-id': id } })).headers['x-request-id']

    assert.equal(await idOf('my-request-4711'), 'my-request-4711')
    assert.notEqual(await idOf('short'), 'short')
    const { trailers } = await forum.rpc(null, ME, {}, { metadata: { 'x-request-id': 'my-request-4712' } })
    assert.equal(trailers['x-request-id'], 'my-request-4712')
  })

  it('has one line in the log: who called what, in which trace, how it ended', async () => {
    await using forum = await openGrpcForum()
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await forum.rpc(forum.alice, CREATE, { text: 'canary-7f3a' }, { metadata: { traceparent } })
    await forum.rpc({ token: 'x.y.z' }, ME)
    const [first, second, ...others] = forum.grpcLines.map((line) => JSON.parse(line))

    assert.equal(others.length, 0)
    assert.deepEqual(
      [first['rpc.service'], first['rpc.method'], first['rpc.grpc.status_code'], first['user.id'], first['trace.id']],
      ['forum.v1.PostService', 'CreatePost', 0, forum.alice.id, '0af7651916cd43dd8448eb211c80319c'],
    )
    assert.ok(first['event.duration'] > 1_000)
    assert.deepEqual([second['rpc.grpc.status_code'], second['user.id']], [16, undefined])
    assert.ok(second['event.reason'].length > 3)
    assert.doesNotMatch(forum.grpcLines.join(), /canary|Bearer|x\.y\.z/)
  })

  it('that fails says nothing of the inside, and the log says all', async () => {
    await using forum = await openGrpcForum()
    forum.services.users.me = () => Promise.reject(new TypeError('canary-7f3a is not a function'))
    const answer = await forum.rpc(forum.alice, ME)

    assertRefused(answer, 'INTERNAL', 'INTERNAL')
    assert.doesNotMatch(answer.detail, /canary/)
    const [line] = forum.grpcLines.map((text) => JSON.parse(text))
    assert.match(line['error.message'], /canary/)
  })

  it('that needs what is away may be repeated', async () => {
    await using forum = await openGrpcForum()
    forum.services.users.me = () => Promise.reject(new DependencyUnavailable('database'))
    const answer = await forum.rpc(forum.alice, ME)

    assertRefused(answer, 'UNAVAILABLE', 'DEPENDENCY_UNAVAILABLE')
    assert.equal(answer.retryAfterSeconds, 2)
  })

  it('does not begin its work when its deadline has passed', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const forum = await openGrpcForum()
    await using _ = forum
    const slow = await openGrpcForum({
      services: forum.grpcServices,
      identity: { ...forum.identity, authenticate: (token) => held.then(() => forum.identity.authenticate(token)) },
    })
    await using __ = slow
    await slow.rpc(null, ME) // So that the connection is there.
    const answer = await slow.rpc(forum.alice, CREATE, { text: 'Late.' }, { deadlineMs: 1_000 })
    await until('the server knows', () => slow.grpcLines.length === 2)
    release()
    await new Promise(setImmediate)
    await forum.rpc(forum.bob, ME)

    assert.equal(answer.status, 'DEADLINE_EXCEEDED')
    const { 'rpc.grpc.status_code': logged } = JSON.parse(slow.grpcLines[1] ?? '')
    assert.ok([1, 4].includes(logged), `${logged}: the caller left, or its time was over, whatever came first`)
    assert.deepEqual([...forum.state.post.values()], [])
  })

  it('counts for the limit of its user, whichever transport it comes over', async () => {
    const rateLimit = { requests: 3, seconds: 60 }
    await using forum = await openGrpcForum({ rateLimit, count: memoryCache().count })
    const { headers } = await forum.rpc(forum.alice, ME)
    await forum.call(forum.alice, 'GET', '/v1/users/me')
    await forum.rpc(forum.alice, CREATE, { text: '' })
    const refused = await forum.rpc(forum.alice, CREATE, { text: 'One too many.' })

    assert.equal(headers['ratelimit-policy'], '"default";q=3;w=60')
    assert.match(headers['ratelimit'] ?? '', /^"default";r=2;t=(?:60|59)$/)
    assertRefused(refused, 'RESOURCE_EXHAUSTED', 'RATE_LIMITED')
    assert.ok((refused.retryAfterSeconds ?? 0) > 50)
    assert.equal((await forum.call(forum.alice, 'GET', '/v1/users/me')).status, 429)
    assert.equal((await forum.rpc(forum.bob, ME)).status, 'OK')
  })

  it('without valid credentials counts for its address, which does not harm others at the same address', async () => {
    const rateLimit = { requests: 2, seconds: 60 }
    await using forum = await openGrpcForum({ rateLimit, count: memoryCache().count })
    for (let n = 0; n < 2; n++) assert.equal((await forum.rpc(null, ME)).status, 'UNAUTHENTICATED')

    assertRefused(await forum.rpc({ token: 'x' }, ME), 'RESOURCE_EXHAUSTED', 'RATE_LIMITED')
    assert.equal((await forum.rpc(forum.alice, ME)).status, 'OK')
  })

  it('waits while many are answered, and is refused when too many wait; reads leave writes their share', async () => {
    await using forum = await openGrpcForum()
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { me } = forum.services.users
    forum.services.users.me = (actor) => held.then(() => me(actor))
    const clients = Array.from({ length: 8 }, () => forum.connect())
    const answers = Array.from({ length: 780 }, (_, n) => clients[n % 8]?.call(forum.alice, ME))
    const write = await forum.rpc(forum.alice, CREATE, { text: 'Hello.' })
    await until('some are refused', () => forum.grpcLines.length > 50)
    release()
    const all = await Promise.all(answers)

    assert.equal(write.status, 'OK')
    const refused = all.filter((answer) => answer?.status !== 'OK')
    assert.ok(refused.length > 50 && refused.length < 780 - 128, `${refused.length}`)
    for (const answer of refused) if (answer) assertRefused(answer, 'UNAVAILABLE', 'OVERLOADED')
    assert.equal((await forum.rpc(forum.alice, ME)).status, 'OK')
  })
})

describe('a connection', () => {
  it('that says nothing and one that leaves at once do no harm', async () => {
    await using forum = await openGrpcForum()
    const silent = connect(forum.server.port(), '127.0.0.1')
    await once(silent, 'connect')
    for (let n = 0; n < 50; n++)
      connect(forum.server.port(), '127.0.0.1')
        .on('error', () => {})
        .destroy()

    assert.equal((await forum.rpc(forum.alice, ME)).status, 'OK')
    silent.destroy()
  })
})

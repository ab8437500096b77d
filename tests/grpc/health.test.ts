import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Client, Metadata } from '@grpc/grpc-js'
import { protoPath } from 'grpc-health-check'
import { loadProto, serviceOf } from '../../src/controllers/grpc/definitions.ts'
import { until } from '../kit/command.ts'
import { GRPC_SERVICES } from '../kit/forum-routes.ts'
import { openGrpcForum } from '../kit/grpc.ts'
import { answerOf } from '../kit/grpc-client.ts'

const health = serviceOf(loadProto(protoPath), 'grpc.health.v1.Health')
const SERVING = 1
const NOT_SERVING = 2
const SERVICES = ['', ...GRPC_SERVICES]

/** The state of a service, or how the question was refused. */
function check(client: Client, service: string): Promise<number | string> {
  const { path, requestSerialize, responseDeserialize } = health['Check'] as (typeof health)[string]
  const { promise, resolve } = Promise.withResolvers<number | string>()
  client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, answer) => {
    if (error === null) resolve(Number((answer as { status: number }).status))
    else resolve(answerOf(error, new Metadata(), undefined).status)
  })
  return promise
}

describe('health over gRPC', () => {
  it('is reported for the whole and for each service, without credentials', async () => {
    await using forum = await openGrpcForum()

    for (const service of SERVICES) assert.equal(await check(forum.client, service), SERVING, service)
    assert.equal(await check(forum.client, 'forum.v1.Nothing'), 'NOT_FOUND')
  })

  it('follows readiness, and is down from the first moment of stopping', async () => {
    let isReady = true
    await using forum = await openGrpcForum({ isReady: async () => isReady })
    isReady = false
    assert.equal(await check(forum.client, SERVICES[1] ?? ''), NOT_SERVING)
    isReady = true
    assert.equal(await check(forum.client, ''), SERVING)

    forum.server.announceShutdown()

    assert.equal(await check(forum.client, ''), NOT_SERVING)
    assert.equal((await forum.rpc(forum.alice, 'forum.v1.UserService/GetMe')).status, 'OK', 'calls are still answered')
  })

  it('is streamed to watchers until the server drains', async () => {
    let isReady = true
    const forum = await openGrpcForum({ isReady: async () => isReady })
    const { path, requestSerialize, responseDeserialize } = health['Watch'] as (typeof health)[string]
    const states: number[] = []
    const ended = Promise.withResolvers<string>()
    forum.client
      .makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service: '' })
      .on('data', ({ status }) => states.push(Number(status)))
      .on('error', () => {})
      .on('status', (status) => ended.resolve(`${answerOf(status, new Metadata(), undefined).reason}`))
    await until('the change is streamed', () => states.length === 1)
    isReady = false
    await until('the change is streamed', () => states.length === 2)
    assert.deepEqual(states, [SERVING, NOT_SERVING])

    await forum[Symbol.asyncDispose]()

    assert.match(await ended.promise, /^(?:SHUTTING_DOWN|null)$/)
  })
})

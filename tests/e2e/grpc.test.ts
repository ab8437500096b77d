import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freshDirectory, runCommand } from '../kit/command.ts'
import { grpcClientOf } from '../kit/grpc-client.ts'
import { startService } from '../kit/service.ts'

describe('gRPC of a started service', () => {
  it('answers with tokens of the development issuer, and stops together with REST', async () => {
    await using place = await freshDirectory()
    await using service = await startService({ directory: place.directory, env: { DATABASE_URL: 'memory:' } })
    const env = { HTTP_PORT: new URL(service.url).port }
    const { stdout } = await runCommand(['token', 'alice'], { directory: place.directory, env })
    const alice = { token: stdout.trim() }
    const client = grpcClientOf(service.grpcAddress)

    const { status, message } = await client.call(alice, 'forum.v1.PostService/CreatePost', { text: 'Hello.' })
    const read = await fetch(`${service.url}/v1/posts/${message.id}`, {
      headers: { authorization: `Bearer ${alice.token}` },
    })
    const code = await service.stop()

    assert.deepEqual([status, read.status, code], ['OK', 200, 0])
    assert.match(service.logs(), /gRPC: 127\.0\.0\.1:\d+/)
    client.close()
  })

  it('logs the client that a trusted proxy names in the metadata, and no other', async () => {
    const metadata = { 'x-forwarded-for': '6.6.6.6, 198.51.100.1' }
    const clients = ['127.0.0.1', '10.0.0.0/8'].map(async (TRUSTED_PROXIES) => {
      await using service = await startService({ env: { DATABASE_URL: 'memory:', TRUSTED_PROXIES } })
      const client = grpcClientOf(service.grpcAddress)
      await client.call(null, 'forum.v1.UserService/GetMe', {}, { metadata })
      client.close()
      await service.stop()
      return /"rpc.method":"GetMe".*"client.ip":"([^"]*)"/.exec(service.logs())?.[1]
    })

    assert.deepEqual(await Promise.all(clients), ['198.51.100.1', '127.0.0.1'])
  })

  it('is not there when it is off', async () => {
    await using service = await startService({ env: { DATABASE_URL: 'memory:', GRPC_PORT: 'off' } })

    assert.doesNotMatch(service.logs(), /gRPC/)
    assert.equal(await service.stop(), 0)
  })
})

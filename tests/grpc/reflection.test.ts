import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { protoPath } from 'grpc-health-check'
import { loadDescribed, loadDescriptorModel, messageOf } from '../../src/controllers/grpc/definitions.ts'
import { descriptorsOf } from '../../src/controllers/grpc/descriptors.ts'
import { programs, skipWithout } from '../kit/engines.ts'
import { openGrpcForum } from '../kit/grpc.ts'

const run = promisify(execFile)

type File = Readonly<{ package: string; dependency: readonly string[]; messageType: readonly Described[] }>
type Described = Readonly<{
  name: string
  field?: readonly Readonly<{ name: string; jsonName: string; typeName?: string; proto3Optional?: boolean }>[]
  nestedType?: readonly Described[]
}>

describe('descriptors for reflection', () => {
  const { deserialize } = messageOf(loadDescriptorModel(), 'google.protobuf.FileDescriptorProto')
  const files = descriptorsOf(loadDescribed(protoPath)).map((bytes) => deserialize(bytes) as File)
  const messagesOf = (name: string) => files.find((file) => file.package === name)?.messageType ?? []
  const fieldsOf = (message: string) => messagesOf('forum.v1').find(({ name }) => name === message)?.field ?? []

  it('name every type in full, and import what they name', () => {
    const all = files.flatMap(({ messageType }) => messageType).flatMap(({ field = [] }) => field)
    const types = all.flatMap(({ typeName }) => typeName ?? [])

    assert.ok(types.length > 10 && types.every((name) => /^\.[a-z]+\.\w+/.test(name)), types.join())
    assert.deepEqual(files.find((file) => file.package === 'forum.v1')?.dependency, ['google_protobuf.proto'])
  })

  it('have the names of the proto and those of JSON, and say what is optional', () => {
    const [, username, fullName] = fieldsOf('User')

    assert.deepEqual([fullName?.name, fullName?.jsonName, fullName?.proto3Optional], ['full_name', 'fullName', true])
    assert.equal(username?.proto3Optional, undefined)
  })

  it('describe the entries of maps as protoc does', () => {
    const [list] = messagesOf('grpc.health.v1').filter(({ name }) => name === 'HealthListResponse')

    assert.deepEqual(
      list?.nestedType?.map(({ name }) => name),
      ['StatusesEntry'],
    )
    assert.equal(list?.field?.[0]?.typeName, '.grpc.health.v1.HealthListResponse.StatusesEntry')
  })
})

describe('grpcurl', { skip: skipWithout('grpcurl') }, () => {
  const call = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await run(programs.grpcurl ?? '', ['-plaintext', ...args]).catch((error) => error)
    return stdout + stderr
  }

  it('lists, describes and calls', async () => {
    await using forum = await openGrpcForum()
    const address = `127.0.0.1:${forum.server.port()}`
    const as = ['-H', `authorization: Bearer ${forum.alice.token}`]

    assert.match(
      await call(address, 'list'),
      /^(?:forum.*\n)?forum\.v1\.PostService\nforum\.v1\.UserService\ngrpc\.health\.v1\.Health\n/s,
    )
    assert.match(await call(address, 'describe', 'forum.v1.User'), /optional string full_name = 3;/)
    const post = await call(...as, '-d', '{"text":"Hello."}', address, 'forum.v1.PostService/CreatePost')
    assert.equal(JSON.parse(post).ownerId, forum.alice.id)
    const from = '{"created_from":"2020-01-01T00:00:00Z","count":true}'
    assert.equal(JSON.parse(await call(...as, '-d', from, address, 'forum.v1.PostService/ListPosts')).totalSize, '1')
    assert.match(await call(address, 'grpc.health.v1.Health/List'), /"forum.v1.PostService": \{\s+"status": "SERVING"/)
    const refused = await call(...as, '-d', '{"text":""}', address, 'forum.v1.PostService/CreatePost')
    assert.match(refused, /Code: InvalidArgument.*"reason": "VALIDATION_FAILED".*"field": "text"/s)
  })

  it('learns nothing where there is no reflection', async () => {
    await using forum = await openGrpcForum({ hasReflection: false })

    assert.match(await call(`127.0.0.1:${forum.server.port()}`, 'list'), /does not support the reflection API/)
  })
})

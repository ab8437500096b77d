import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { loadInterface } from '../../src/controllers/grpc/definitions.ts'
import type { BadToken } from '../kit/bad-tokens.ts'
import { type GrpcForum, openGrpcForum } from '../kit/grpc.ts'
import { assertRefused } from '../kit/grpc-client.ts'

/** Every method of the proto: a new one is tried as well. */
const METHODS = Object.entries(loadInterface()).flatMap(([service, definition]) =>
  'format' in definition
    ? []
    : Object.values(definition).map(({ path, responseStream }) => ({ service, path, responseStream })),
)

/** What gRPC can carry in metadata: the library of the client sends nothing else. */
const canBeSent = ({ authorization }: BadToken): boolean =>
  authorization === null || (/^[ -~]*$/.test(authorization) && authorization.trim() === authorization)

describe('without a valid token', () => {
  let forum: GrpcForum
  let bad: readonly BadToken[]
  before(async () => {
    forum = await openGrpcForum()
    bad = (await forum.issuer.badTokens()).filter(canBeSent)
  })
  after(() => forum[Symbol.asyncDispose]())

  it('both transports say the same', async () => {
    for (const { name, authorization } of bad) {
      const metadata = authorization === null ? {} : { authorization }
      const rest = await forum.call(null, 'GET', '/v1/users/me', { headers: metadata })
      const rpc = await forum.rpc(null, 'forum.v1.UserService/GetMe', {}, { metadata })

      assert.equal(rpc.reason, rest.body.code.toUpperCase().replaceAll('-', '_'), name)
      assert.equal(rpc.detail, rest.body.detail, name)
    }
    assert.ok(bad.length > 80, `${bad.length}`)
  })

  for (const { path, responseStream } of METHODS) {
    it(`${path} refuses every request`, async () => {
      for (const { name, authorization } of bad.filter((_, n) => n % 10 === 0)) {
        const metadata = authorization === null ? {} : { authorization }
        const answer = responseStream
          ? await forum.watch(null, '', { metadata }).ended
          : await forum.rpc(null, path.slice(1), {}, { metadata })

        assert.equal(answer.status, 'UNAUTHENTICATED', name)
        assertRefused(answer, 'UNAUTHENTICATED', authorization === null ? 'AUTHENTICATION_REQUIRED' : 'INVALID_TOKEN')
      }
      assert.deepEqual([forum.state.user.size, forum.state.outbox.length], [0, 0])
    })
  }
})

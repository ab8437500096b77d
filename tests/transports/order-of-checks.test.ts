import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { type GrpcForum, openGrpcForum } from '../kit/grpc.ts'
import { type Outcome, TRANSPORTS, type Transport } from '../kit/transports.ts'

const NOBODY = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'
const TOO_LARGE = 'a'.repeat(256 * 1024 + 1)
const STALE = 9

type Who = Readonly<{ token: string }> | null
type Asking = Readonly<{ transport: Transport; post: string; alice: Who; bob: Who; carol: Who }>
type Row = readonly [wrong: string, ask: (with_: Asking) => Promise<Outcome>, code: string]

/** Carol's account is disabled; the post is Alice's. Each request is wrong in two ways, and the earlier one is told. */
const ROWS: readonly Row[] = [
  ['size, credentials', ({ transport }) => transport.write(null, 'post', { text: TOO_LARGE }), 'payload-too-large'],
  ['size, text', ({ transport, alice }) => transport.write(alice, 'post', { text: TOO_LARGE }), 'payload-too-large'],
  ['credentials, text', ({ transport }) => transport.write(null, 'post', { text: '' }), 'authentication-required'],
  ['credentials, id', ({ transport }) => transport.read(null, 'post', 'abc'), 'authentication-required'],
  ['credentials, existence', ({ transport }) => transport.read(null, 'post', NOBODY), 'authentication-required'],
  ['credentials, cursor', ({ transport }) => transport.list(null, 'post', { cursor: 'x' }), 'authentication-required'],
  ['token, text', ({ transport }) => transport.write({ token: 'x' }, 'post', { text: '' }), 'invalid-token'],
  ['id, text', ({ transport, alice }) => transport.rewrite(alice, 'post', 'abc', ''), 'validation-failed'],
  ['text, existence', ({ transport, alice }) => transport.rewrite(alice, 'post', NOBODY, ''), 'validation-failed'],
  ['text, ownership', ({ transport, bob, post }) => transport.rewrite(bob, 'post', post, ''), 'validation-failed'],
  [
    'text, version',
    ({ transport, alice, post }) => transport.rewrite(alice, 'post', post, '', STALE),
    'validation-failed',
  ],
  ['text, account', ({ transport, carol }) => transport.write(carol, 'post', { text: '' }), 'validation-failed'],
  [
    'query, cursor',
    ({ transport, alice }) => transport.list(alice, 'post', { cursor: 'x', limit: 101 }),
    'validation-failed',
  ],
  ['cursor, account', ({ transport, carol }) => transport.list(carol, 'post', { cursor: 'x' }), 'invalid-cursor'],
  ['key, account', ({ transport, carol }) => transport.write(carol, 'post', { text: 'a' }, 'a b'), 'validation-failed'],
  ['account, existence', ({ transport, carol }) => transport.read(carol, 'post', NOBODY), 'account-disabled'],
  [
    'account, ownership',
    ({ transport, carol, post }) => transport.rewrite(carol, 'post', post, 'a'),
    'account-disabled',
  ],
  [
    'account, version',
    ({ transport, carol, post }) => transport.remove(carol, 'post', post, STALE),
    'account-disabled',
  ],
  [
    'existence, version',
    ({ transport, alice }) => transport.rewrite(alice, 'post', NOBODY, 'a', STALE),
    'post-not-found',
  ],
  ['ownership, version', ({ transport, bob, post }) => transport.rewrite(bob, 'post', post, 'a', STALE), 'forbidden'],
  [
    'ownership, version of a removal',
    ({ transport, bob, post }) => transport.remove(bob, 'post', post, STALE),
    'forbidden',
  ],
  [
    'post, text',
    ({ transport, alice }) => transport.write(alice, 'comment', { postId: NOBODY, text: '' }),
    'validation-failed',
  ],
  [
    'account, post',
    ({ transport, carol }) => transport.write(carol, 'comment', { postId: NOBODY, text: 'a' }),
    'account-disabled',
  ],
  ['credentials, notification', ({ transport }) => transport.markAsRead(null, 'abc'), 'authentication-required'],
  ['notification, account', ({ transport, carol }) => transport.markAsRead(carol, 'abc'), 'validation-failed'],
]

for (const [name, transportOf] of Object.entries(TRANSPORTS)) {
  describe(`a request over ${name} that is wrong in two ways is told of the earlier one`, () => {
    let forum: GrpcForum
    let asking: Asking
    before(async () => {
      forum = await openGrpcForum()
      const { alice, bob, services } = forum
      const carol = await forum.person('Carol')
      const id = UserId.parse(carol.id)
      await services.users.me({
        userId: id,
        profile: { username: 'carol', fullName: null, email: null },
        isSuperAdmin: false,
      })
      await services.users.change({ id, change: { isActive: false } })
      const transport = transportOf(forum)
      await transport.me(bob)
      const { value } = await transport.write(alice, 'post', { text: 'Hello.' })
      asking = { transport, post: value.id, alice, bob, carol }
    })
    after(() => forum[Symbol.asyncDispose]())

    for (const [wrong, ask, code] of ROWS) {
      it(wrong, async () => {
        const before = forum.hash()

        assert.equal((await ask(asking)).code, code)
        assert.equal(forum.hash(), before, 'nothing was done')
      })
    }
  })
}

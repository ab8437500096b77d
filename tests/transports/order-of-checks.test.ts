import { describeOrder, NOBODY, type Row } from './order-of-checks.contract.ts'

const TOO_LARGE = 'a'.repeat(256 * 1024 + 1)
const STALE = 9

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
]

describeOrder(ROWS)

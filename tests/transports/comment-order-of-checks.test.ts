import { describeOrder, NOBODY } from './order-of-checks.contract.ts'

describeOrder([
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
])

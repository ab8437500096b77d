import { describeOrder } from './order-of-checks.contract.ts'

describeOrder([
  ['credentials, notification', ({ transport }) => transport.markAsRead(null, 'abc'), 'authentication-required'],
  ['notification, account', ({ transport, carol }) => transport.markAsRead(carol, 'abc'), 'validation-failed'],
])

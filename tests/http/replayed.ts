import assert from 'node:assert/strict'
import type { Answer } from '../kit/answers.ts'

export const replayed = ({ headers }: Answer) => headers['idempotency-replayed']

export function assertReplayed(answer: Answer, first: Answer): void {
  const essenceOf = ({ status, headers, text }: Answer) => [status, headers['location'], headers['etag'], text]
  assert.deepEqual(essenceOf(answer), essenceOf(first))
  assert.deepEqual([first, answer].map(replayed), [undefined, 'true'])
}

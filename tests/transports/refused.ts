import assert from 'node:assert/strict'
import type { Outcome } from '../kit/transports.ts'

/** An id of nothing. */
export const NOBODY = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'

export const refused = ({ code, fields }: Outcome, expected: string, ...wrong: readonly string[]): void => {
  assert.equal(code, expected)
  if (wrong.length > 0) assert.deepEqual([...new Set(fields)], wrong)
}

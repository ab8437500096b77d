import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Engine, missing } from '../kit/engines.ts'
import { reportOf } from '../kit/server-versions.ts'

/** They report none; nor does a grpcurl that was built by `go install`. */
const SILENT = ['memory', 'openfga', 'otel', 'grpcurl']

/** Asked of `missing`, not by `skipWithout`: to report a version is not to pass a suite. */
describe('what an engine of the tests reports of itself', () => {
  for (const [engine, reason] of Object.entries(missing)) {
    it(`is a product and its version: ${engine}`, { skip: reason ?? false }, async () => {
      const report = await reportOf(engine as Engine)

      assert.match(report, SILENT.includes(engine) ? /^[\w ]+$/ : /^[\w ,.]+ \d+(\.\w+)*$/)
    })
  }
})

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'

const FILE = new URL('../../src/infrastructures/telemetry/collect-garbage.ts', import.meta.url).href
const PROGRAM = `
  const { collectGarbage } = await import('${FILE}')
  await collectGarbage()
  setTimeout(() => console.log('goes on'), 100)`
const TIMEOUT_MS = 30_000

describe('the collection of garbage', () => {
  it('lets the process go on', () => {
    const options = { encoding: 'utf8', timeout: TIMEOUT_MS } as const
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], options)

    assert.equal(stdout, 'goes on\n')
  })
})

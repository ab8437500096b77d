import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { isLong, LONG } from '../../scripts/test/long-suites.ts'

const urlOf = (path: string): URL => new URL(`../../${path}`, import.meta.url)
const textOf = (path: string): string => readFileSync(urlOf(path), 'utf8')

describe('the long suites', () => {
  it('exist: npm test leaves out nothing else', () => {
    assert.deepEqual(
      LONG.filter((file) => !existsSync(urlOf(file))),
      [],
    )
    assert.deepEqual(LONG.filter(isLong), LONG)
    assert.equal(isLong('tests/unit/long-suites.test.ts'), false)
  })

  it('run on a clean machine, and before a release', () => {
    assert.match(textOf('.ci/run'), /^step '.*' \d+ npm test -- --all$/m)
    assert.match(JSON.parse(textOf('package.json')).scripts['test:full'], /^npm test -- --full\b/)
  })
})

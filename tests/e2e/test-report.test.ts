import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { freshDirectory } from '../kit/command.ts'
import { INHERITED } from '../kit/inherited.ts'

const ROOT = new URL('../../', import.meta.url)
const REPORTER = new URL('../../scripts/test/brief-reporter.ts', import.meta.url).href
const GREEN = `import { it } from 'node:test'\nfor (let n = 0; n < 100; n++) it('is ' + n, () => {})`
const RED = `import { describe, it } from 'node:test'
console.log('a hint')
describe('a cup', () => {
  it('is full', () => {})
  it('is tea', { skip: 'no kettle' }, () => {})
  describe('of glass', () => it('is whole', () => { throw new TypeError('it broke') }))
})`
const BROKEN = `await import('./not-there.js')`

async function run(files: Readonly<Record<string, string>>) {
  await using place = await freshDirectory()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place.directory, name), text)
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const env = { ...inherited, NO_COLOR: '1', TEST_FILES: String(Object.keys(files).length) }
  const args = ['--test', `--test-reporter=${REPORTER}`, ...Object.keys(files)]
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: place.directory, env, encoding: 'utf8' })
  return { status, stdout }
}

/** What `npm test -- <parts>` prints in a checkout without servers. */
function runSome(...parts: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/test.ts', ...parts], {
    cwd: ROOT,
    env: { ...INHERITED, NO_COLOR: '1' },
    encoding: 'utf8',
  })
  assert.equal(status, 0, stdout + stderr)
  return stdout
}

describe('what npm test shows', () => {
  it('is short when all is green: how far it is, how it ended, and the slowest files', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `${n}.test.mjs`)
    const { status, stdout } = await run(Object.fromEntries(names.map((name) => [name, GREEN])))

    assert.equal(status, 0, stdout)
    assert.match(stdout, /^5 of 10 files$/m)
    assert.match(
      stdout,
      /^1000 passed, 0 skipped: 10 files in \d+ s\n\nslowest files\n( +\d+\.\d s {2}\d+\.test\.mjs\n){5}$/m,
    )
    assert.ok(stdout.split('\n').length < 40, stdout)
  })

  it('is at once which test has failed, and at the end why and where', async () => {
    const { status, stdout } = await run({ 'cup.test.mjs': RED, 'green.test.mjs': GREEN })

    assert.equal(status, 1)
    const [early = '', late = ''] = stdout.split(/^2 of 2 files, 1 failed$/m)
    assert.match(early, /^✖ a cup › of glass › is whole$/m)
    assert.match(late, /^✖ a cup › of glass › is whole\n {2}cup\.test\.mjs\n {2}TypeError: it broke\n {6}at /m)
    assert.match(late, /^ {2}what the file wrote:\n {2}a hint$/m)
    assert.match(late, /^101 passed, 1 failed, 1 skipped: 2 files in /m)
    assert.doesNotMatch(stdout, /is full/)
  })

  it('has, for some files, only the engines that these ask for', () => {
    assert.doesNotMatch(runSome('unit/post.test'), /engines/)
    assert.match(
      runSome('contracts/kafka-queue'),
      /\nengines\n {2}kafka {8}skipped: TEST_KAFKA_URL is not set \(scripts\/engines starts a server\)\n$/,
    )
  })

  it('is what a file says that cannot even be read', async () => {
    const { status, stdout } = await run({ 'broken.test.mjs': BROKEN })

    assert.equal(status, 1)
    assert.match(stdout, /^✖ .*broken\.test\.mjs$/m)
    assert.match(stdout, /Cannot find module .*not-there\.js/)
  })
})

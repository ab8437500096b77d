import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { filesBelow } from '../../scripts/rename/files.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { freshDirectory } from '../kit/command.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** In parts, as this file is renamed too. */
const NAME = ['quartz', 'ledger'].join('-')
const NEXT = ['amber', '2', 'desk'].join('-')

/** The suites that notice a name that is not the same everywhere. */
const SUITES = [
  'architecture/product',
  'architecture/documentation',
  'unit/config',
  'unit/startup-summary',
  'http/users-webhook',
]

const REFUSED: readonly (readonly [reason: RegExp, ...words: readonly string[]])[] = [
  [/^rename: it takes a name\n/],
  [/^rename: it takes one name\n/, 'two', 'names'],
  ...[
    'Upper',
    'under_score',
    '1st',
    '-x',
    'x-',
    'a--b',
    'a',
    'ünder',
    'a b',
    '../up',
    '$(id)',
    `a${'b'.repeat(40)}`,
  ].map((name) => [/^rename: this is no name\n/, name] as const),
  [/^rename: this word has a meaning here already, as in .+\n/, 'post'],
]

describe('npm run rename', () => {
  const open = new AsyncDisposableStack()
  let copy: string

  before(async () => {
    copy = open.use(await freshDirectory()).directory
    for (const path of filesBelow(ROOT)) {
      mkdirSync(dirname(join(copy, path)), { recursive: true })
      cpSync(join(ROOT, path), join(copy, path))
    }
    cpSync(join(ROOT, 'vendor'), join(copy, 'vendor'), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  })
  after(() => open.disposeAsync())

  const run = (...args: readonly string[]) => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    return spawnSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8' })
  }
  const rename = (...words: readonly string[]) => run('scripts/rename.ts', ...words)
  const containing = (pattern: RegExp) =>
    filesBelow(copy).filter((path) => pattern.test(`${path}\n${readFileSync(join(copy, path), 'utf8')}`))
  const suites = () => run('--test', ...SUITES.map((suite) => `tests/${suite}.test.ts`))

  for (const [reason, ...words] of REFUSED) {
    it(`prints its usage, and changes nothing: ${JSON.stringify(words)}`, () => {
      const { status, stdout, stderr } = rename(...words)

      assert.deepEqual([status, stdout], [2, ''])
      assert.match(stderr, reason)
      assert.match(stderr, /\n\nUsage: npm run rename -- <name>\n/)
      assert.equal(containing(new RegExp(PRODUCT.namespace)).length > 1, true)
    })
  }

  it('leaves no trace of the old name, and what compares the names is green', () => {
    const { status, stderr } = rename(NAME)
    assert.deepEqual([status, stderr], [0, ''])

    const { namespace, service, docsClient } = PRODUCT
    const old = [
      namespace.replaceAll('-', '[ _-]?'),
      `${PRODUCT.metrics}[a-z_]+_(?:total|seconds|waiting)`,
      `${PRODUCT.metrics}workers\\b`,
      docsClient,
      `data/${service}\\.db`,
    ]
    assert.deepEqual(containing(new RegExp(old.join('|'), 'i')), [])
    assert.deepEqual(containing(new RegExp(`name: ${NAME}$`, 'm')), ['compose.yaml'])
    const { status: green, stdout } = suites()
    assert.equal(green, 0, stdout)
  })

  it('can be said again', () => {
    assert.equal(rename(NAME).status, 2)
    assert.equal(rename(NEXT).status, 0)

    assert.deepEqual(containing(/quartz.?ledger/i), [])
    const { status, stdout } = suites()
    assert.equal(status, 0, stdout)
  })
})

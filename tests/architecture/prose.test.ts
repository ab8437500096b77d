import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { retiredProse } from './prose.ts'
import { retiredNames } from './retired-words.ts'
import { sourceFile } from './source-file.ts'

const ROOT = join(import.meta.dirname, '../..')
const OWN = ['**/node_modules/**', 'tests/architecture/**']

const filesIn = (pattern: string) =>
  globSync(pattern, { cwd: ROOT, exclude: OWN }).map((path) => ({
    path: path.replaceAll('\\', '/'),
    text: readFileSync(join(ROOT, path), 'utf8'),
  }))

const CAUGHT = [
  ['tests/unit/a.test.ts', "it('wakes whoever waits', () => {"],
  ['tests/unit/a.test.ts', 'describe("a bell", () => {'],
  ['tests/unit/a.test.ts', `it(\`is told: \${why}\`, () => {`],
  ['tests/unit/a.test.ts', "it(\n  'lets nobody in',\n  () => {"],
  ['tests/contracts/a.contract.ts', "it('hears of each event once', { skip }, () => {"],
  ...['tells of the end', 'ends the batch at hand', 'uses two lanes', 'settles its debts', 'has an era'].map(
    (title) => ['tests/unit/a.test.ts', `it('${title}', () => {`] as const,
  ),
  ['src/a.ts', '/**\n * The caller is\n * told of each change.\n */'],
  ['src/a.ts', 'close() // nobody waits'],
  ['bench/a.ts', '/** What the contenders have in common. */'],
  ['bench/candidates/go-chi/a.go', '// announce adds an event.'],
] as const

const LEFT = [
  ['tests/unit/a.test.ts', '// nobody is told'],
  ['tests/unit/a.test.ts', "const told = 'whoever'"],
  ['tests/unit/a.test.ts', "it('is read by its owner: nobody may rewrite it', () => {"],
  ['tests/unit/a.test.ts', "it('says that the role is missing', () => isRefused({ username: 'nobody' }))"],
  ['tests/unit/a.test.ts', `it(\`is \${lanes}\`, () => {`],
  ['src/a.ts', "const name = 'nobody' // every caller"],
  ['bench/a.ts', '// one planet, one candidate'],
] as const

const CAUGHT_NAMES = [
  'const told = 1',
  'const { hears } = stream',
  'const PATIENCE_MS = 1',
  'notTold()',
  'a.announced()',
]
const LEFT_NAMES = ["const text = 'told'", '// all are told', 'const plan = `told` + lanyard', 'stretch()']

describe('names in tests and scripts', () => {
  it('are words of the field', () => {
    const files = [...filesIn('tests/**/*.ts'), ...filesIn('scripts/**/*.ts')]

    assert.deepEqual(
      files.flatMap(({ path, text }) =>
        retiredNames(sourceFile(path, text)).map((complaint) => `${path} ${complaint}`),
      ),
      [],
    )
  })

  for (const text of CAUGHT_NAMES) {
    it(`would be caught: ${text}`, () => assert.equal(retiredNames(sourceFile('tests/unit/a.test.ts', text)).length, 1))
  }

  for (const text of LEFT_NAMES) {
    it(`are left alone: ${text}`, () => assert.deepEqual(retiredNames(sourceFile('tests/unit/a.test.ts', text)), []))
  }
})

describe('the remarks of the service, the titles of tests, and the bench', () => {
  it('are written in the words of the field', () => {
    const files = [...filesIn('src/**/*.ts'), ...filesIn('tests/**/*.ts'), ...filesIn('bench/**/*.{ts,py,go}')]

    assert.ok(files.filter(({ path }) => path.endsWith('.test.ts')).length > 200)
    assert.deepEqual(files.flatMap(retiredProse), [])
  })

  for (const [path, text] of CAUGHT) {
    it(`would be caught: ${path}: ${text.split('\n').join(' ')}`, () => {
      assert.equal(retiredProse({ path, text }).length, 1)
    })
  }

  for (const [path, text] of LEFT) {
    it(`are left alone: ${path}: ${text}`, () => {
      assert.deepEqual(retiredProse({ path, text }), [])
    })
  }
})

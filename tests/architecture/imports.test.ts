// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the samples are source texts
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { importsOf } from './imports.ts'

const value = { from: 'x', isType: false }
const type = { from: 'x', isType: true }

const SEEN = {
  [`import 'x'`]: value,
  [`import "x"`]: value,
  [`import a from 'x'`]: value,
  [`import { a, type B as C } from 'x'`]: value,
  [`import {\n  a, // from 'y'\n  'b c' as d,\n} from 'x'`]: value,
  [`import a, * as b from 'x'`]: value,
  [`import type from 'x'`]: value,
  [`import type, { a } from 'x'`]: value,
  [`import from from 'x'`]: value,
  [`import{a}from'x'`]: value,
  [`import data from 'x' with { type: 'json' }`]: value,
  [`import type { A } from 'x'`]: type,
  [`import type A from 'x'`]: type,
  [`import type * as A from 'x'`]: type,
  [`export * from 'x'`]: value,
  [`export * as a from 'x'`]: value,
  [`export { a } from 'x'`]: value,
  [`export type { A } from 'x'`]: type,
  [`export type * from 'x'`]: type,
  [`const a = await import('x')`]: value,
  [`const a = await import(/* why */ "x")`]: value,
  ['const a = import(`x`)']: value,
  [`const a = import('x', { with: { type: 'json' } })`]: value,
  [`const a = import.defer('x')`]: value,
  [`type A = import('x').A`]: value,
  [`const a = import.meta.resolve('x')`]: value,
  [`const a = require('x')`]: value,
  [`import a = require('x')`]: value,
  [`const a = process.getBuiltinModule('x')`]: value,
  [`const a = { ...import('x') }`]: value,
  ['const a = `one ${await import("x")} two`']: value,
  ['const a = `${`${import("x")}`}`']: value,
  [`const a = b / import('x') / 2`]: value,
  [`const a = /'/.test(b), c = import('x')`]: value,
  [`const a = '\\'', c = import('x')`]: value,
  [`import '\\x78'`]: value,
  [`const a = import('x' + b)`]: { from: null, isType: false },
  [`const a = import(b)`]: { from: null, isType: false },
  ['const a = import(`x/${b}`)']: { from: null, isType: false },
}

const NOT_THERE = [
  `// import 'x'`,
  `/* import a from 'x'\n export * from 'x' */`,
  `const a = "import 'x'"`,
  'const a = `import "x"; ${b} import "x"`',
  'const a = `\\`${b}\\${import("x")}`',
  `const a = /import('x')/`,
  `const a = /[/]import('x')/u`,
  `const a = some.import('x')`,
  `const a = { import: 'x', require: 'x' }`,
  `const a = import.meta.url`,
  `export const from = 'x'`,
  `export type A = { from: 'x' }`,
  `export { from }; const a = 'x'`,
  `export default 'x'`,
]

describe('reading what a file imports', () => {
  for (const [source, wanted] of Object.entries(SEEN)) {
    it(`sees ${source}`, () => {
      assert.deepEqual(importsOf(source), [wanted])
    })
  }

  for (const source of NOT_THERE) {
    it(`does not take for an import ${source}`, () => {
      assert.deepEqual(importsOf(source), [])
    })
  }

  it('sees all of several', () => {
    assert.deepEqual(importsOf(`import a from 'a'\nexport { b } from 'b'\nimport 'c'\nimport type D from 'd'`), [
      { from: 'a', isType: false },
      { from: 'b', isType: false },
      { from: 'c', isType: false },
      { from: 'd', isType: true },
    ])
  })
})

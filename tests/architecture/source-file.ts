import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { importsOf } from './imports.ts'
import { type Token, tokensOf } from './tokens.ts'

/** What an import leads to: a file of the house, a package or module of the platform, or unknown. */
export type Target =
  | Readonly<{ kind: 'file'; path: string; isType: boolean }>
  | Readonly<{ kind: 'package'; name: string; isType: boolean }>
  | Readonly<{ kind: 'elsewhere'; from: string }>

/** A file under `src/`. Its path is relative to there, with slashes. */
export type SourceFile = Readonly<{
  path: string
  text: string
  tokens: readonly Token[]
  targets: readonly Target[]
}>

export function sourceFile(path: string, text: string): SourceFile {
  const targets = importsOf(text).map(({ from, isType }) => targetOf(path, from, isType))
  return { path, text, tokens: tokensOf(text), targets }
}

/** All that lies under a folder, whatever its kind. */
export function readHouse(folder: URL): readonly SourceFile[] {
  const entries = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
  const root = posix.join(...folder.pathname.split('\\'))
  return entries.map((entry) => {
    const full = posix.join(entry.parentPath.replaceAll('\\', '/'), entry.name)
    return sourceFile(posix.relative(root, full), readFileSync(full, 'utf8'))
  })
}

function targetOf(importer: string, from: string | null, isType: boolean): Target {
  if (from === null) return { kind: 'elsewhere', from: 'what is only known at run time' }
  if (/^\.{1,2}(\/|$)/.test(from)) {
    const path = posix.join(posix.dirname(importer), from)
    return path.startsWith('..') ? { kind: 'elsewhere', from } : { kind: 'file', path, isType }
  }
  if (!/^(node:)?(@[\w.-]+\/)?\w/.test(from) || /^(?!node:)\w+:/.test(from)) return { kind: 'elsewhere', from }
  return { kind: 'package', name: from.split('/', from.startsWith('@') ? 2 : 1).join('/'), isType }
}

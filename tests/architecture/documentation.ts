import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { retiredWordsIn } from './prose.ts'

const ROOT = new URL('../../', import.meta.url)

/** A page for people: its path from the root of the repository, and its text. */
export type Page = Readonly<{ path: string; text: string }>

/** Names of files that the guides invent, or forbid. */
const INVENTED = /^index|poll|mariadb|pin-post|post-title|<|…|\*/

const urlOf = (path: string): URL => new URL(path, ROOT)
const pageAt = (path: string): Page => ({ path, text: readFileSync(urlOf(path), 'utf8') })

export const PAGES: readonly Page[] = globSync(['*.md', 'docs/**/*.md', '.env.example'], { cwd: fileURLToPath(ROOT) })
  .filter((path) => path !== 'CHANGELOG.md')
  .map((path) => pageAt(path.replaceAll('\\', '/')))

const FILES = globSync('{src,tests,scripts,bench}/**/*.ts', { cwd: fileURLToPath(ROOT) }).map(
  (path) => `/${path.replaceAll('\\', '/')}`,
)

const SCRIPTS: readonly string[] = Object.keys(JSON.parse(readFileSync(urlOf('package.json'), 'utf8')).scripts)

/** Links to files that are not there, or to headings that a page does not have. */
export function brokenLinks({ path, text }: Page): readonly string[] {
  return [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return []
    const { pathname, hash } = new URL(link, urlOf(path))
    const target = pathname.slice(ROOT.pathname.length)
    if (!existsSync(urlOf(target))) return [link]
    return hash === '' || headingsOf(pageAt(target)).includes(hash.slice(1)) ? [] : [link]
  })
}

/** Commands of npm that `package.json` does not have. */
export const unknownScripts = ({ text }: Page): readonly string[] =>
  [...text.matchAll(/npm run (?:-\S+ )*([a-z][\w:-]*)/g)].flatMap(([, name = '']) =>
    SCRIPTS.includes(name) ? [] : [name],
  )

/** Files of TypeScript, named by the end of their path, that are nowhere. Decisions tell of what once was. */
export function unknownFiles({ path, text }: Page): readonly string[] {
  if (path.startsWith('docs/decisions/')) return []
  return [...text.matchAll(/`([\w./<>…*-]+\.ts)`/g)].flatMap(([, name = '']) =>
    INVENTED.test(name) || FILES.some((file) => file.endsWith(`/${name}`)) ? [] : [name],
  )
}

/** A suite by its folder and name, and part of the title of one of its tests. */
const PROOF = /`(([a-z]+)\/[\w/-]+)`(?: \(“(.+?)”\))?/g

/** Protocols of OpenTelemetry, which look like suites. */
const PROTOCOLS = ['http/protobuf', 'http/json']

/** Suites that are named as proof, and titles in them, that are nowhere. */
export const unknownProofs = ({ text }: Page): readonly string[] =>
  [...text.matchAll(PROOF)].flatMap(([proof, suite, folder, title = '']) => {
    if (!existsSync(urlOf(`tests/${folder}`)) || PROTOCOLS.includes(`${suite}`)) return []
    const files = FILES.filter((file) => file === `/tests/${suite}.test.ts` || file === `/tests/${suite}.contract.ts`)
    return files.some((file) => readFileSync(urlOf(file.slice(1)), 'utf8').includes(title)) ? [] : [proof]
  })

/** Words that hide who acts, or that a reader would have to learn here; code may have them, such as a key in Redis. */
export const retiredWords = ({ text }: Page): readonly string[] =>
  retiredWordsIn(
    prose(text)
      .replaceAll(/`[^`]*`/g, '…')
      .replaceAll(/\s+/g, ' '),
  )

/** Without blocks of code. */
const prose = (text: string): string => text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')

/** As GitHub makes fragments of headings. */
const headingsOf = ({ text }: Page): readonly string[] =>
  [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

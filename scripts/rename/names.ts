import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { titleOf } from '../../src/patterns/product.ts'
import { filesBelow } from './files.ts'

/** What a product is called, as it is written in its files. */
export type Names = Readonly<{ packageName: string; namespace: string; service: string; title: string }>

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/** Where a word of the code would be taken for the name, at the next renaming at the latest. */
const CODE = /^(?:src|tests|scripts|bench|migrations)\/.*\.(?:ts|js|sql|py|go)$|^package\.json$/

/** Why the product cannot be called so, or null. */
export function troubleWith(
  name: string,
  { root, product }: Readonly<{ root: string; product: Pick<Names, 'namespace' | 'service'> }>,
): string | null {
  if (name === '') return 'it takes a name'
  if (!NAME.test(name) || name.length < 2 || name.length > 40) return 'this is no name'
  if (name === product.namespace && name === product.service) return 'this is its name already'
  const word = new RegExp(`(?<![a-z0-9])${name.replaceAll('-', '[-_]')}(?![a-z0-9])`, 'i')
  const place = filesBelow(root)
    .filter((path) => CODE.test(path))
    .find((path) => word.test(readFileSync(join(root, path), 'utf8')))
  return place === undefined ? null : `this word has a meaning here already, as in ${place}`
}

type Replacement = readonly [what: RegExp, by: string]

/** In these files a word of the domain, when it is also the service's name, is nothing but that. */
const DEPLOYMENT = /^(?:compose(?:\.\w+)?\.yaml|Dockerfile|Makefile)$/

/** Here metrics and the default database are called by their whole names. */
const PROSE = /\.(?:md|ya?ml|json|example)$/

/** What is replaced in a file, in this order. */
export function replacements(path: string, old: Names, name: string): readonly Replacement[] {
  return [
    [alone(old.packageName), name],
    [alone(old.namespace), name],
    [alone(underscored(old.namespace)), underscored(name)],
    ...(old.service === old.namespace ? [[alone(old.title), titleOf(name)] as const] : ofService(path, old, name)),
  ]
}

/** A service that is called by a word of its domain: this word stays, but for where it is the name. */
function ofService(path: string, { service }: Names, name: string): readonly Replacement[] {
  const word = `(?<![a-zA-Z0-9])${service}`
  return [
    [new RegExp(`(?<=^const SERVICE = ')${service}(?=')`, 'm'), name],
    [new RegExp(`${word}:${service}@([\\w.]+:\\d+)/${service}(?![\\w-])`, 'g'), `${name}:${name}@$1/${name}`],
    [new RegExp(`${word}(?=-docs\\b|-command-line\\b)`, 'g'), name],
    ...(PROSE.test(path) ? inProse(word, name) : []),
    ...(DEPLOYMENT.test(path) ? [[new RegExp(`(?<!small )${word}(?![a-zA-Z0-9])`, 'g'), name] as const] : []),
  ]
}

const inProse = (word: string, name: string): readonly Replacement[] => [
  [new RegExp(`${word}_(?=[a-z])`, 'g'), `${underscored(name)}_`],
  [new RegExp(`${word}(?=\\.db\\b)`, 'g'), name],
]

const underscored = (name: string): string => name.replaceAll('-', '_')

const alone = (word: string): RegExp => new RegExp(`(?<![a-zA-Z0-9])${word}(?![a-zA-Z0-9])`, 'g')

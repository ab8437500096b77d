import { readFileSync } from 'node:fs'

type Userset = Readonly<Record<string, unknown>>
type Admitted = Readonly<{ type: string; relation?: string; wildcard?: object }>
type TypeDefinition = Readonly<{
  type: string
  relations: Readonly<Record<string, Userset>>
  metadata: Readonly<{
    relations: Readonly<Record<string, { directly_related_user_types: readonly Admitted[] }>>
  }> | null
}>

/** An authorization model in the form that OpenFGA's API takes. */
export type Model = Readonly<{ schema_version: string; type_definitions: readonly TypeDefinition[] }>

/** The model of this service, from `model.fga`. */
export const readModel = (): Model => parseModel(readFileSync(new URL('model.fga', import.meta.url), 'utf8'))

/**
 * Reads OpenFGA's modelling language: types, and relations that are direct, computed, taken `from` another, or several of
 * these joined by one of `or`, `and`, `but not`. Conditions, parentheses and mixtures are refused.
 *
 * @throws with the line that cannot be read
 */
export function parseModel(text: string): Model {
  const types: { type: string; lines: string[] }[] = []
  let version = ''
  for (const line of text.split('\n').map((raw) => raw.replace(/(^|\s)#.*$/, '').trim())) {
    const [, keyword = line, rest = ''] = /^(schema|type|define)\s+(.+)$/.exec(line) ?? []
    if (keyword === 'schema') version = rest
    else if (keyword === 'type') types.push({ type: rest, lines: [] })
    else if (keyword === 'define' && types.length > 0) types.at(-1)?.lines.push(rest)
    else if (!['', 'model', 'relations'].includes(line)) unreadable(line)
  }
  return { schema_version: version, type_definitions: types.map(({ type, lines }) => definitionOf(type, lines)) }
}

function definitionOf(type: string, lines: readonly string[]): TypeDefinition {
  const relations = lines.map((line) => {
    const [, name = '', rule = ''] = /^(\w+):\s*(.+)$/.exec(line) ?? []
    if (name === '') return unreadable(`define ${line}`)
    return { name, rule, direct: /\[([^\]]*)\]/.exec(rule)?.[1] }
  })
  return {
    type,
    relations: Object.fromEntries(relations.map(({ name, rule }) => [name, usersetOf(rule)])),
    metadata:
      relations.length === 0
        ? null
        : { relations: Object.fromEntries(relations.map(({ name, direct }) => [name, admittedBy(direct)])) },
  }
}

const OPERATORS = { union: ' or ', intersection: ' and ', difference: ' but not ' } as const

function usersetOf(rule: string): Userset {
  const [[kind, word] = [null, ''], ...more] = Object.entries(OPERATORS).filter((operator) =>
    rule.includes(operator[1]),
  )
  if (kind === null) return termOf(rule.trim())
  const child = rule.split(word).map((term) => termOf(term.trim()))
  const [base, subtract] = child
  if (more.length > 0 || (kind === 'difference' && child.length > 2)) return unreadable(rule)
  return kind === 'difference' ? { difference: { base, subtract } } : { [kind]: { child } }
}

function termOf(term: string): Userset {
  if (/^\[[\w\s:*#,]+\]$/.test(term) && !/\bwith\b/.test(term)) return { this: {} }
  const [, relation, tupleset] = /^(\w+)(?:\s+from\s+(\w+))?$/.exec(term) ?? []
  if (relation === undefined) return unreadable(term)
  if (tupleset === undefined) return { computedUserset: { relation } }
  return { tupleToUserset: { tupleset: { relation: tupleset }, computedUserset: { relation } } }
}

function unreadable(text: string): never {
  throw new Error(`model.fga: cannot read "${text}"`)
}

/** Of `user, group#member, user:*`. */
const admittedBy = (direct = '') => ({
  directly_related_user_types: direct
    .split(',')
    .flatMap((part) => part.trim() || [])
    .map((part): Admitted => {
      const [type = '', relation] = part.split('#')
      if (type.endsWith(':*')) return { type: type.slice(0, -2), wildcard: {} }
      return relation === undefined ? { type } : { type, relation }
    }),
})

/** Whether two models say the same: a server adds empty fields to what it was given. */
export const isSameModel = (one: object, other: object): boolean => canonical(one) === canonical(other)

/** Names of types and relations that a model lacks of another, such as `system#super_admin`. */
export function lacking(model: Model, other: Model): readonly string[] {
  const namesOf = ({ type_definitions }: Model) =>
    type_definitions.flatMap(({ type, relations }) => [
      type,
      ...Object.keys(relations ?? {}).map((relation) => `${type}#${relation}`),
    ])
  const names = new Set(namesOf(model))
  return namesOf(other).filter((name) => !names.has(name))
}

const canonical = (model: object): string => JSON.stringify(tidied(model))

/** With sorted fields, without empty ones: only these mean something. */
const MEANINGFUL = ['this', 'wildcard']

function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([name, field]) => [name, tidied(field)] as const)
  const full = fields.filter(([name, field]) => MEANINGFUL.includes(name) || !isEmpty(field))
  return Object.fromEntries(full.sort(([one], [other]) => (one < other ? -1 : 1)))
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (typeof value === 'object' && Object.keys(value as object).length === 0)

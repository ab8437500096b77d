import { type Token, tokensOf } from './tokens.ts'

/** Something that a file asks for. `from` is null when it is computed, and so unknown. */
export type Import = Readonly<{ from: string | null; isType: boolean }>

/** Everything that a file imports, in any of the ways that there are. */
export function importsOf(source: string): readonly Import[] {
  const tokens = tokensOf(source)
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || isProperty(tokens, index)) return []
    const found = READERS.get(token.text)?.(tokens.slice(index + 1))
    return found == null ? [] : [found]
  })
}

const READERS = new Map<string, (rest: readonly Token[]) => Import | null>([
  ['import', readImport],
  ['export', readExport],
  ['require', (rest) => (isMark(rest[0], '(') ? argument(rest) : null)],
  ['getBuiltinModule', (rest) => (isMark(rest[0], '(') ? argument(rest) : null)],
])

function readImport(rest: readonly Token[]): Import | null {
  const [first, second] = rest
  if (first?.kind === 'string') return { from: first.text, isType: false }
  if (isMark(first, '(')) return argument(rest)
  if (isMark(first, '.')) return second?.text === 'meta' ? readMeta(rest.slice(2)) : argument(rest.slice(2))
  return from(rest, first?.text === 'type' && second?.text !== 'from' && !isMark(second, ','))
}

const readMeta = (rest: readonly Token[]): Import | null =>
  rest[1]?.text === 'resolve' && isMark(rest[2], '(') ? argument(rest.slice(2)) : null

function readExport(rest: readonly Token[]): Import | null {
  const isType = rest[0]?.text === 'type'
  const clause = isType ? rest.slice(1) : rest
  if (isMark(clause[0], '*')) return from(clause, isType)
  if (!isMark(clause[0], '{')) return null
  const after = clause.slice(clause.findIndex((token) => isMark(token, '}')) + 1)
  return after[0]?.text === 'from' && after[1]?.kind === 'string' ? { from: after[1].text, isType } : null
}

/** The string after the first `from` that one follows; there is one in every import clause. */
function from(clause: readonly Token[], isType: boolean): Import | null {
  const index = clause.findIndex((token, at) => isWord(token, 'from') && clause[at + 1]?.kind === 'string')
  return index < 0 ? null : { from: clause[index + 1]?.text ?? null, isType }
}

function argument([, first, second]: readonly Token[]): Import {
  const isLiteral = first?.kind === 'string' && (isMark(second, ')') || isMark(second, ','))
  return { from: isLiteral ? first.text : null, isType: false }
}

/** `some.import` is none, but `process.getBuiltinModule` and `module.require` are. */
function isProperty(tokens: readonly Token[], index: number): boolean {
  const isKeyword = ['import', 'export'].includes(tokens[index]?.text ?? '')
  const isKey = isMark(tokens[index + 1], ':')
  return isKey || (isKeyword && isMark(tokens[index - 1], '.') && !isMark(tokens[index - 2], '.'))
}

const isMark = (token: Token | undefined, text: string): boolean => token?.kind === 'mark' && token.text === text
const isWord = (token: Token | undefined, text: string): boolean => token?.kind === 'word' && token.text === text

/** A word, a string (its text), a punctuation mark, or a regular expression, as TypeScript sees it. */
export type Token = Readonly<{ kind: 'word' | 'string' | 'mark' | 'expression'; text: string }>

const SPACE = /\s+/y
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*|\d[\w.]*/uy
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y
const TEMPLATE_PART = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y
const EXPRESSION = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y

/** After these a slash divides; after anything else it opens a regular expression. */
const ENDS_A_VALUE = /^(?:[\w$)\]}]|['"`])/
const KEYWORDS_BEFORE_A_VALUE = ['return', 'typeof', 'case', 'in', 'of', 'void', 'delete', 'throw', 'new', 'await']

/**
 * Cuts TypeScript into tokens. Comments are left out, and so is the text of templates, save that of those without
 * substitutions, which are strings; the code within substitutions is cut like any other.
 */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = []
  const templates: number[] = []
  let [at, depth] = [0, 0]

  function take(pattern: RegExp): string | null {
    pattern.lastIndex = at
    const text = pattern.exec(source)?.[0] ?? null
    if (text !== null) at += text.length
    return text
  }

  function template(isStart: boolean): void {
    const text = take(TEMPLATE_PART) ?? ''
    const isEnd = source[at] === '`'
    at += isEnd ? 1 : 2
    if (isStart && isEnd) tokens.push({ kind: 'string', text })
    if (!isEnd) templates.push(depth)
  }

  function mark(): void {
    const text = source[at++] as string
    const isBackInTemplate = text === '}' && templates.at(-1) === depth
    if (isBackInTemplate) templates.pop()
    if (isBackInTemplate || text === '`') template(text === '`')
    else {
      if (text === '{') depth++
      if (text === '}') depth--
      tokens.push({ kind: 'mark', text })
    }
  }

  while (at < source.length) {
    if (take(SPACE) !== null || take(COMMENT) !== null) continue
    const string = take(STRING)
    if (string !== null) tokens.push({ kind: 'string', text: unquoted(string) })
    else if (!pushIf('word', take(WORD)) && !(opensExpression() && pushIf('expression', take(EXPRESSION)))) mark()
  }
  return tokens

  function pushIf(kind: Token['kind'], text: string | null): boolean {
    if (text !== null) tokens.push({ kind, text })
    return text !== null
  }

  function opensExpression(): boolean {
    const last = tokens.at(-1)
    if (source[at] !== '/') return false
    if (last === undefined) return true
    if (last.kind === 'word') return KEYWORDS_BEFORE_A_VALUE.includes(last.text)
    return last.kind === 'mark' && !ENDS_A_VALUE.test(last.text)
  }
}

const unquoted = (literal: string): string =>
  literal.slice(1, -1).replaceAll(/\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/gis, unescaped)

function unescaped(_: string, byte?: string, unit?: string, character?: string): string {
  const code = byte ?? unit
  return code === undefined ? (character ?? '') : String.fromCharCode(Number.parseInt(code, 16))
}

import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { isCore } from './import-rules.ts'
import type { Rule } from './rules.ts'
import type { Token } from './tokens.ts'

/** Ways to the outside that need no import. `Date` itself is a value, as long as the time is given to it. */
const AMBIENT = [
  ...['process', 'globalThis', 'global', 'console', 'crypto', 'performance', 'fetch', 'Buffer', 'navigator'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'randomUUID', 'getRandomValues'],
]
const CALLS = ['Date ( )', 'new Date ;', 'Date . now', 'Math . random', 'Temporal . Now', 'AbortSignal . timeout']

/** What a domain has no words for. They count in comments and within longer words too. */
const TECHNOLOGY = /https?|sql|jwt|json|fastify|postgres|grpc|redis|kafka|openid|keycloak/i

/** The nouns of the forum, but for users: databases and requests have those too. */
const NOUNS = Object.values(FORUM.aggregates).flatMap(({ type }) => (type === 'user' ? [] : [type]))
const eachOf = (words: readonly string[]): string => `(?:${words.join('|')})`

/** Each as a word or within a longer one. An object may have a method `post`, a Redis client `maintNotifications`. */
const NOUN = new RegExp(String.raw`(?<!\.)\b${eachOf(NOUNS)}s?\b|(?<!maint)${eachOf(NOUNS.map(capitalized))}(?!gre)`)
const ADAPTERS =
  /^(?:infrastructures\/(?!authentication\/|store\/aggregates\/|authorization\/[^/]+\/model\.)|patterns\/)/

export const codeRules = {
  'time, chance and the process are arguments of the core': ({ path, tokens }) => {
    if (!isCore(path)) return []
    const words = tokens.filter((token, index) => token.kind === 'word' && !isProperty(tokens, index))
    const ambient = words.filter(({ text }) => AMBIENT.includes(text)).map(({ text }) => `uses ${text}`)
    const code = ` ${tokens.map(({ kind, text }) => (kind === 'string' ? "''" : text)).join(' ')} `
    const bareDate = / new Date (?!\()/.test(code) ? ['uses new Date'] : []
    return [
      ...ambient,
      ...bareDate,
      ...CALLS.filter((call) => code.includes(` ${call} `)).map((call) => `uses ${call}`),
    ]
  },

  'the domain does not speak of technology': ({ path, text }) => {
    const [word] = path.startsWith('domains/') ? (TECHNOLOGY.exec(`${path}\n${text}`) ?? []) : []
    return word === undefined ? [] : [`says ${word}`]
  },

  /** What is kept of each aggregate stands in its description, who may change it in the model of an engine. Adapters go by these. */
  'adapters know no noun': ({ path, text }) => {
    const [noun] = ADAPTERS.test(path) ? (NOUN.exec(text) ?? []) : []
    return noun === undefined ? [] : [`names ${noun}`]
  },
} satisfies Record<string, Rule>

function capitalized(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}

/** `retry.process`, `{ process: … }` and a parameter's type say nothing about the process. */
function isProperty(tokens: readonly Token[], index: number): boolean {
  const [before, after] = [tokens[index - 1]?.text, tokens[index + 1]?.text]
  return (before === '.' && tokens[index - 2]?.text !== '.') || after === ':'
}

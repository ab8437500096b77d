import type { Rule } from './rules.ts'
import type { SourceFile } from './source-file.ts'

/** Words that a reader would have to learn here, and what the field says instead. */
const RETIRED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    announcement: 'event',
    bell: 'auto-reset event',
    contender: 'candidate',
    copies: 'cache entries',
    debt: 'pending invalidation',
    doorkeeping: 'request guards',
    era: 'namespace version',
    families: 'namespaces',
    figure: 'stats',
    finding: 'check result',
    follower: 'subscriber',
    hear: 'receive, apply',
    heard: 'received',
    hearing: 'reply time-out',
    hopeless: 'permanent',
    keepable: 'serializable',
    lane: 'connection, or queue of a key',
    ledger: 'attempt store',
    mailbox: 'subscription queue',
    mailboxes: 'subscription queues',
    misfit: 'start-up error',
    patience: 'time-out',
    persistently: 'with retry',
    recurring: 'periodic',
    ring: 'signal',
    rung: 'signalled',
    speaker: 'connection',
    tenure: 'lease',
    touches: 'invalidations',
    trial: 'attempt',
    trouble: 'error',
    undecodable: 'malformed',
    undeliverable: 'poison message',
    unfit: 'unsupported',
    waiters: 'pending acknowledgements',
  }),
)

/** How names begin that have a better beginning. */
const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^(?:MOST|LONGEST|HIGHEST)_/, 'MAX_…'],
  [/^(?:LEAST|SHORTEST|LOWEST)_/, 'MIN_…'],
  [/^must[A-Z]/, 'assert…'],
]

/** Those that names in tests and scripts go without, too. In `src`, what is stored of a person is called `told`. */
const RETIRED_EVERYWHERE: ReadonlyMap<string, string> = new Map([
  ...['announcement', 'bell', 'debt', 'era', 'families', 'hopeless', 'lane', 'patience'].map(
    (word) => [word, RETIRED.get(word) ?? ''] as const,
  ),
  ['announced', 'recorded, published'],
  ['heard', 'received'],
  ['hears', 'receives'],
  ['told', 'received, reported'],
])

export const retiredWords = {
  /** Names of files, folders and identifiers. Texts may use any word; for comments there are the rules of prose. */
  'names are words of the field': ({ path, tokens }) => {
    return namesIn({ path, tokens }).flatMap((name) => [...retiredIn(name, RETIRED), ...begunIn(name)])
  },
} satisfies Record<string, Rule>

/** The same for a file of tests or scripts. */
export const retiredNames: Rule = (file) => namesIn(file).flatMap((name) => retiredIn(name, RETIRED_EVERYWHERE))

function namesIn({ path, tokens }: Pick<SourceFile, 'path' | 'tokens'>): readonly string[] {
  const words = tokens.flatMap(({ kind, text }) => (kind === 'word' ? [text] : []))
  return [...new Set([...path.replace(/\.\w+$/, '').split('/'), ...words])]
}

function begunIn(name: string): readonly string[] {
  const begun = BEGINNINGS.filter(([beginning]) => beginning.test(name)).map(([, instead]) => instead)
  return begun.map((instead) => `is called ${name}: say ${instead}`)
}

const retiredIn = (name: string, retired: ReadonlyMap<string, string>): readonly string[] =>
  wordsOf(name).flatMap((word) => {
    const instead = retired.get(word) ?? retired.get(word.replace(/s$/, ''))
    return instead === undefined ? [] : [`is called ${name}: say ${instead}`]
  })

/** `openLanes`, `MOST_LANES` and `postgres-lanes` have the word `lanes`. */
const wordsOf = (name: string): readonly string[] =>
  (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase())

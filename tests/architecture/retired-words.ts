import type { Rule } from './rules.ts'

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

export const retiredWords = {
  /** Names of files, folders and identifiers. Comments, texts and what the domain itself says may use any word. */
  'names are words of the field': ({ path, tokens }) => {
    const names = [
      ...path.replace(/\.\w+$/, '').split('/'),
      ...tokens.flatMap(({ kind, text }) => (kind === 'word' ? [text] : [])),
    ]
    return [...new Set(names)].flatMap((name) => complaintsOf(name))
  },
} satisfies Record<string, Rule>

function complaintsOf(name: string): readonly string[] {
  const retired = wordsOf(name).flatMap((word) => insteadOf(word) ?? [])
  const begun = BEGINNINGS.filter(([beginning]) => beginning.test(name)).map(([, instead]) => instead)
  return [...retired, ...begun].map((instead) => `is called ${name}: say ${instead}`)
}

const insteadOf = (word: string): string | undefined => RETIRED.get(word) ?? RETIRED.get(word.replace(/s$/, ''))

/** `openLanes`, `MOST_LANES` and `postgres-lanes` have the word `lanes`. */
const wordsOf = (name: string): readonly string[] =>
  (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase())

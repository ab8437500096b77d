import { deserialize, serialize } from '../../patterns/serialization.ts'
import type { Facts, PersonNews } from './person-news.ts'

/**
 * When the identity provider told which fact of a person. Each fact is a register in which the newest news wins, so that
 * the same news leads to the same record in whatever order it arrives.
 */
export type IdentityRecord = Readonly<{ told: Told; token: TokenNames | null }>

type Register<Value> = Readonly<{ value: Value; at: number; rank: number }>
type Told = Readonly<{ [Fact in keyof Facts]?: Register<Facts[Fact]> }>

/** The last token that changed the mirror: when it was issued, and the names in it. */
type TokenNames = Readonly<{ at: number; firstName: string | null; lastName: string | null }>

/** What a token says of its bearer beside the profile. */
export type Vouched = Readonly<{
  /** What the identity provider calls the bearer, where that is not the id. */
  subject: string | null
  /** Null where the token does not say when it was issued: it is never news then. */
  issuedAt: Date | null
  firstName: string | null
  lastName: string | null
}>

/** At the same time a change wins over a creation. */
const RANKS = { created: 0, changed: 1, removed: 2 } as const

const NOTHING: IdentityRecord = { told: {}, token: null }

/** Older than all news. */
const INFERRED = { at: -1, rank: -1 }

export const IdentityRecord = {
  parse: (text: string | null): IdentityRecord => (text === null ? NOTHING : (deserialize(text) as IdentityRecord)),

  write: (record: IdentityRecord): string => serialize(record),

  /** The record after a token changed the mirror. */
  ofToken: ({ issuedAt, firstName, lastName }: Vouched, { told } = NOTHING): IdentityRecord => ({
    told,
    token: { at: issuedAt?.getTime() ?? 0, firstName, lastName },
  }),

  /** The record with what is newer in the news, and which facts those are. */
  merge(record: IdentityRecord, news: PersonNews, fullName: string | null) {
    const told: Record<string, Register<unknown>> = { ...inferredNames(record, news, fullName), ...record.told }
    const newer = new Set<keyof Facts>()
    for (const [fact, value] of Object.entries(news.facts)) {
      const next = { value, at: news.at.getTime(), rank: RANKS[news.kind] }
      if (!isNewer(next, told[fact])) continue
      told[fact] = next
      newer.add(fact as keyof Facts)
    }
    return { record: { ...record, told: told as Told }, newer }
  },

  fullName: ({ told: { firstName, lastName } }: IdentityRecord): string | null =>
    [firstName?.value, lastName?.value].filter(Boolean).join(' ') || null,

  /** When the provider's news told the username, the full name or the e-mail address last. */
  toldAt({ told }: IdentityRecord, field: 'username' | 'fullName' | 'email'): number {
    const facts = field === 'fullName' ? ([told.firstName, told.lastName] as const) : ([told[field]] as const)
    return Math.max(...facts.map((register) => register?.at ?? INFERRED.at))
  },
}

/** Two changes in the same millisecond end alike whichever comes first; a deactivation wins. */
function isNewer(next: Register<unknown>, kept: Register<unknown> | undefined): boolean {
  if (kept === undefined || next.at !== kept.at) return kept === undefined || next.at > kept.at
  return next.rank !== kept.rank ? next.rank > kept.rank : String(next.value) < String(kept.value)
}

/** News of one name leaves the other one as it is, also where only tokens or the full name told of it before. */
function inferredNames(
  { told, token }: IdentityRecord,
  { facts, previous }: PersonNews,
  fullName: string | null,
): Told {
  if (told.firstName !== undefined || told.lastName !== undefined) return {}
  const [first, last] = ['firstName' in facts, 'lastName' in facts]
  if (first === last) return {}
  if (first)
    return { lastName: { value: token?.lastName ?? rest(fullName, previous?.firstName, 'start'), ...INFERRED } }
  return { firstName: { value: token?.firstName ?? rest(fullName, previous?.lastName, 'end'), ...INFERRED } }
}

/** What is left of a full name without the part that was replaced; null where that is not to be told. */
function rest(fullName: string | null, part: string | null | undefined, where: 'start' | 'end'): string | null {
  if (fullName === null || part === undefined) return null
  if (part === null || part === '') return fullName
  if (where === 'start') return fullName.startsWith(`${part} `) ? fullName.slice(part.length + 1) : null
  return fullName.endsWith(` ${part}`) ? fullName.slice(0, -part.length - 1) : null
}

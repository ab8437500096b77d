import { deserialize, serialize } from '../../patterns/serialization.ts'
import type { Facts, PersonNews } from './person-news.ts'

/**
 * The time of the last news of each fact of a person. Each fact is a last-writer-wins register, so that the same news leads
 * to the same record in whatever order it arrives.
 */
export type IdentityRecord = Readonly<{ told: Told; token: TokenNames | null }>

type Register<Value> = Readonly<{ value: Value; at: number; rank: number }>
type Told = Readonly<{ [Fact in keyof Facts]?: Register<Facts[Fact]> }>

/** The last token that changed the mirror: when it was issued, and the names in it. */
type TokenNames = Readonly<{ at: number; firstName: string | null; lastName: string | null }>

/** What a token says about its bearer beside the profile. */
export type Vouched = Readonly<{
  /** The subject of the bearer, if it is not the id. */
  subject: string | null
  /** Null if the token does not say when it was issued: then it never changes the mirror. */
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

  /** The record with the newer facts of the news, and the names of these facts. */
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

  /** The time of the last news of the username, the full name or the e-mail address. */
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

/** News of one name leaves the other one as it is, even if that came from a token or as part of the full name. */
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

/** The rest of a full name without the replaced part; null if it cannot be determined. */
function rest(fullName: string | null, part: string | null | undefined, where: 'start' | 'end'): string | null {
  if (fullName === null || part === undefined) return null
  if (part === null || part === '') return fullName
  if (where === 'start') return fullName.startsWith(`${part} `) ? fullName.slice(part.length + 1) : null
  return fullName.endsWith(` ${part}`) ? fullName.slice(0, -part.length - 1) : null
}

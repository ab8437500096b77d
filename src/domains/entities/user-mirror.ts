import type { Actor } from './actor.ts'
import { IdentityRecord } from './identity-record.ts'
import type { PersonNews } from './person-news.ts'
import { type Change, User, type UserId } from './user.ts'

const FIELDS = ['username', 'fullName', 'email'] as const

/** Updates users from the identity provider. Each method returns the next version, or null if nothing is newer. */
export const Mirror = {
  /** The user for the first news of a person. A removed one becomes a tombstone, so that late news finds it. */
  create(id: UserId, news: PersonNews, at: Date): User {
    const subject = news.subject.toLowerCase() === id ? null : news.subject
    const unknown = User.register(id, { username: subject ?? id, fullName: null, email: null }, at)
    if (news.kind === 'removed') return { ...User.remove(unknown, at), version: 1 }
    return { ...unknown, ...changeBy(unknown, news), subject }
  },

  /** The user with the newer facts of the news. */
  applyNews(user: User, news: PersonNews, at: Date): User | null {
    const change = changeBy(user, news)
    return change === null ? null : User.change(user, change, at)
  },

  /** The user with the profile of a token, unless news is newer. Nearly always the profile is the same: null. */
  applyToken(user: User, { userId, profile, vouched }: Actor, at: Date): User | null {
    const differing = FIELDS.filter((field) => profile[field] !== null && profile[field] !== user[field])
    if (differing.length === 0 || !vouched || vouched.issuedAt === null) return null

    const [record, issuedAt] = [IdentityRecord.parse(user.identityRecord), vouched.issuedAt.getTime()]
    const isNamed = profile.username !== userId && profile.username !== vouched.subject
    const news = differing
      .filter((field) => field !== 'username' || isNamed)
      .filter((field) => issuedAt > IdentityRecord.toldAt(record, field))
    if (news.length === 0 || issuedAt < (record.token?.at ?? 0)) return null

    const change = Object.fromEntries(news.map((field) => [field, profile[field]]))
    const identityRecord = IdentityRecord.write(IdentityRecord.ofToken(vouched, record))
    return User.change(user, { ...change, identityRecord }, at)
  },
}

function changeBy(user: User, news: PersonNews): Change | null {
  const { record, newer } = IdentityRecord.merge(IdentityRecord.parse(user.identityRecord), news, user.fullName)
  if (newer.size === 0) return null
  const { username, email, isActive } = news.facts
  return {
    identityRecord: IdentityRecord.write(record),
    ...(newer.has('username') && username !== undefined && { username }),
    ...(newer.has('email') && email !== undefined && { email }),
    ...(newer.has('isActive') && isActive !== undefined && { isActive }),
    ...((newer.has('firstName') || newer.has('lastName')) && { fullName: IdentityRecord.fullName(record) }),
  }
}

import type { JWTPayload } from 'jose'
import type { Actor } from '../../../domains/entities/actor.ts'
import { readableText } from '../../../domains/entities/person-news.ts'
import { InvalidToken } from '../../../domains/errors/access-errors.ts'
import type { ClaimPath } from './claim-path.ts'
import { TOKEN_ERRORS } from './token-errors.ts'

/** How to read the claims of an issuer's tokens. */
export type ClaimSettings = Readonly<{
  idOf: (subject: string) => Actor['userId']
  roles: ClaimPath
  username: ClaimPath
}>

/** As long as OpenID Connect allows. */
const MAX_SUBJECT_LENGTH = 255
const CONTROL_CHARACTER = /\p{Cc}/u

/** The actor of a verified token. @throws {InvalidToken} when it has no subject */
export function toActor(claims: JWTPayload, { idOf, roles, username }: ClaimSettings): Actor {
  const { name, email, iat, given_name, family_name } = claims
  const sub = subjectOf(claims)
  const userId = idOf(sub)
  const subject = sub.toLowerCase() === userId ? null : sub
  return {
    userId,
    profile: {
      username: readableText(username(claims)) ?? readableText(subject) ?? userId,
      fullName: readableText(name),
      email: readableText(email),
    },
    isSuperAdmin: namesIn(roles(claims)).includes('super_admin'),
    vouched: {
      subject,
      issuedAt: typeof iat === 'number' ? new Date(Math.trunc(iat) * 1000) : null,
      firstName: readableText(given_name),
      lastName: readableText(family_name),
    },
  }
}

function subjectOf({ sub }: JWTPayload): string {
  if (typeof sub !== 'string' || sub === '') throw new InvalidToken(TOKEN_ERRORS.noSubject)
  if (sub.length > MAX_SUBJECT_LENGTH || CONTROL_CHARACTER.test(sub) || !sub.isWellFormed()) {
    throw new InvalidToken(TOKEN_ERRORS.unusableSubject)
  }
  return sub
}

const namesIn = (roles: unknown): readonly unknown[] => (Array.isArray(roles) ? roles : [])

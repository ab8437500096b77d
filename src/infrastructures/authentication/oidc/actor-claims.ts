import type { JWTPayload } from 'jose'
import type { Actor } from '../../../domains/entities/actor.ts'
import { boundedText } from '../../../domains/entities/text.ts'
import { UserId } from '../../../domains/entities/user.ts'
import { InvalidToken } from '../../../domains/errors/access-errors.ts'
import { REFUSALS } from './refusals.ts'

const CONTROL_CHARACTER = /\p{Cc}/u
const ClaimText = boundedText<string>('claim', 255)

/** Who a verified token speaks of. @throws {InvalidToken} when its subject is no UUID */
export function actorOf({ sub, preferred_username, name, email, realm_access }: JWTPayload): Actor {
  if (typeof sub !== 'string') throw new InvalidToken(REFUSALS.noSubject)
  const userId = subject(sub)
  return {
    userId,
    profile: {
      username: readable(preferred_username) ?? userId,
      fullName: readable(name),
      email: readable(email),
    },
    isSuperAdmin: rolesIn(realm_access).includes('super_admin'),
  }
}

function subject(sub: string): UserId {
  try {
    return UserId.parse(sub)
  } catch (cause) {
    throw new InvalidToken('The subject of the token is no UUID.', { cause })
  }
}

/** People choose these claims themselves in many an issuer: what is no readable text is left out. */
function readable(claim: unknown): string | null {
  if (typeof claim !== 'string' || CONTROL_CHARACTER.test(claim.trim())) return null
  try {
    return ClaimText.parse(claim)
  } catch {
    return null
  }
}

function rolesIn(realmAccess: unknown): readonly unknown[] {
  const roles = (realmAccess as { roles?: unknown } | null | undefined)?.roles
  return Array.isArray(roles) ? roles : []
}

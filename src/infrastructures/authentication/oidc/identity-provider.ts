import { errors, type JWTVerifyOptions } from 'jose'
import type { Actor } from '../../../domains/entities/actor.ts'
import { InvalidToken } from '../../../domains/errors/access-errors.ts'
import { DomainError } from '../../../domains/errors/domain-error.ts'
import type { IdentityProvider } from '../../../domains/ports/identity-provider.ts'
import { accessTokenHeader, LEEWAY_S, mustBeAccessToken, mustBeShort } from './access-token.ts'
import { actorOf } from './actor-claims.ts'
import type { Fetch } from './discovery.ts'
import { fetchKeys } from './issuer-keys.ts'
import { createKeySet } from './key-set.ts'
import { createTokenCache } from './token-cache.ts'
import { signedClaims } from './token-signature.ts'

export type OidcSettings = Readonly<{
  issuer: string
  /** Must be among the audiences of a token. */
  audience: string
  /** Asymmetric ones of RFC 7518 and RFC 8037, such as RS256 and EdDSA. */
  algorithms: readonly string[]
  /** Is told why the issuer's keys could not be read. */
  onKeysUnavailable?: (cause: unknown) => void
  now?: () => Date
  /** Milliseconds on a clock that never jumps. */
  uptime?: () => number
  fetch?: Fetch
}>

const ASYMMETRIC = /^(?:RS|PS|ES)(?:256|384|512)$|^(?:EdDSA|Ed25519)$/

/** Takes the word of any OpenID Connect issuer, whose keys are read at first need. */
export function createOidcIdentityProvider({ issuer, audience, algorithms, ...rest }: OidcSettings): IdentityProvider {
  const { now = () => new Date(), uptime = () => performance.now(), fetch = globalThis.fetch } = rest
  const { onKeysUnavailable: onFailure = () => {} } = rest
  if (!algorithms.every((name) => ASYMMETRIC.test(name))) throw new TypeError('The algorithms must be asymmetric.')

  const keySet = createKeySet({ load: () => fetchKeys(issuer, fetch), uptime, onFailure })
  const known = createTokenCache({ now, uptime })
  const expected = { issuer, audience, algorithms: [...algorithms], clockTolerance: LEEWAY_S }

  async function verify(token: string): Promise<Actor> {
    const header = accessTokenHeader(token)
    if (!algorithms.includes(String(header.alg))) throw new InvalidToken('The token is signed in another way.')

    const currentDate = now()
    const options: JWTVerifyOptions = { ...expected, currentDate }
    const claims = await signedClaims(token, keySet, header.kid !== undefined, options)
    mustBeAccessToken(claims, currentDate)

    const actor = actorOf(claims)
    known.add(token, actor, (Number(claims.exp) + LEEWAY_S) * 1000)
    return actor
  }

  return {
    async authenticate(token) {
      mustBeShort(token)
      return known.find(token) ?? verify(token).catch(refuse)
    },
  }
}

/** The errors of the library carry the claims along, which no log should have: their codes say enough. */
function refuse(error: unknown): never {
  if (error instanceof DomainError) throw error
  const cause = error instanceof errors.JOSEError ? new Error(error.code) : error
  throw new InvalidToken(error instanceof Error ? error.message : 'The token cannot be read.', { cause })
}

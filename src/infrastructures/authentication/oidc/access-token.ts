import { decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import { InvalidToken } from '../../../domains/errors/access-errors.ts'

const MAX_LENGTH = 8 * 1024
const ACCESS_TOKEN_TYPES: ReadonlySet<unknown> = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt'])
const CLAIMS_OF_OTHER_TOKENS = ['at_hash', 'c_hash', 's_hash', 'events']
const END_OF_YEAR_9999 = 253_402_300_799

/** What happens to a clock between two machines, in seconds. */
export const LEEWAY_S = 30

/** Keycloak's tokens have 1 to 2 KB. @throws {InvalidToken} */
export function mustBeShort(token: string): void {
  if (token.length > MAX_LENGTH) throw new InvalidToken(`The token is longer than ${MAX_LENGTH} characters.`)
}

/**
 * The header of a token that may be an access token, before any key is asked for. Keys that a header brings along or
 * points to (`jwk`, `jku`, `x5u`, `x5c`) are never looked at.
 *
 * @throws {InvalidToken}
 */
export function accessTokenHeader(token: string): ProtectedHeaderParameters {
  const header = decodeProtectedHeader(token)
  const typ: unknown = header.typ
  if (!ACCESS_TOKEN_TYPES.has(typeof typ === 'string' ? typ.toLowerCase() : typ)) {
    throw new InvalidToken('The header says that it is another kind of token.')
  }
  return header
}

/**
 * What an access token promises besides the claims that every JWT has: that it is none of the other tokens which the
 * same issuer signs with the same key (RFC 8725, section 3.11), and a plain bearer token.
 *
 * @throws {InvalidToken}
 */
export function mustBeAccessToken(claims: JWTPayload, now: Date): void {
  const { exp = Number.POSITIVE_INFINITY, iat = 0, typ, cnf } = claims
  if (exp > END_OF_YEAR_9999) throw new InvalidToken('The token never expires.')
  if (iat > now.getTime() / 1000 + LEEWAY_S) throw new InvalidToken('The token was issued in the future.')
  if (typ !== undefined && typ !== 'Bearer') {
    throw new InvalidToken('The payload says that it is another kind of token.')
  }
  if (CLAIMS_OF_OTHER_TOKENS.some((claim) => claims[claim] !== undefined)) {
    throw new InvalidToken('The token has claims of another kind of token.')
  }
  if (cnf !== undefined) throw new InvalidToken('The token is bound to a key that was not shown.')
}

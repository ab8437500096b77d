import { decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import { InvalidToken } from '../../../domains/errors/access-errors.ts'
import { otherAlgorithm, TOKEN_ERRORS } from './token-errors.ts'

const ACCESS_TOKEN_TYPES: ReadonlySet<unknown> = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt'])
const CLAIMS_OF_OTHER_TOKENS = ['at_hash', 'c_hash', 's_hash', 'events']
const END_OF_YEAR_9999 = 253_402_300_799

/** The allowed clock difference between two machines, in seconds. */
export const LEEWAY_S = 30

/**
 * The header of a token that may be an access token, before any key is fetched. Keys in a header, or to which it
 * refers (`jwk`, `jku`, `x5u`, `x5c`), are never used.
 *
 * @throws {InvalidToken}
 */
export function accessTokenHeader(token: string, algorithms: readonly string[]): ProtectedHeaderParameters {
  const header = decodeProtectedHeader(token)
  if (!algorithms.includes(String(header.alg))) throw new InvalidToken(otherAlgorithm(algorithms))
  const typ: unknown = header.typ
  if (!ACCESS_TOKEN_TYPES.has(typeof typ === 'string' ? typ.toLowerCase() : typ)) {
    throw new InvalidToken(TOKEN_ERRORS.otherKind)
  }
  return header
}

/**
 * Checks that a JWT is an access token, not another kind of token that the issuer signs with the same key (RFC 8725, section
 * 3.11), and a plain bearer token.
 *
 * @throws {InvalidToken}
 */
export function assertAccessToken(claims: JWTPayload, now: Date): void {
  const { exp = Number.POSITIVE_INFINITY, iat = 0, typ, token_use, cnf } = claims
  if (exp > END_OF_YEAR_9999) throw new InvalidToken(TOKEN_ERRORS.neverExpires)
  if (iat > now.getTime() / 1000 + LEEWAY_S) throw new InvalidToken(TOKEN_ERRORS.issuedInFuture)
  if (typ !== undefined && typ !== 'Bearer') throw new InvalidToken(TOKEN_ERRORS.otherKind)
  if (token_use !== undefined && token_use !== 'access') throw new InvalidToken(TOKEN_ERRORS.otherKind)
  if (CLAIMS_OF_OTHER_TOKENS.some((claim) => claims[claim] !== undefined))
    throw new InvalidToken(TOKEN_ERRORS.otherKind)
  if (cnf !== undefined) throw new InvalidToken(TOKEN_ERRORS.boundToKey)
}

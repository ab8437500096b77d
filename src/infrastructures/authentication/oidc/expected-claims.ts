import type { JWTPayload } from 'jose'
import { InvalidToken } from '../../../domains/errors/access-errors.ts'
import { assertAccessToken, LEEWAY_S } from './access-token.ts'
import { otherAudience, otherIssuer, TOKEN_ERRORS } from './token-errors.ts'

export type ExpectedClaims = Readonly<{ issuer: string; audiences: readonly string[] }>

/**
 * One of the audiences is among those of the token. Access tokens of Amazon Cognito have none: they name their client,
 * and only `token_use` distinguishes them from its ID tokens.
 *
 * @throws {InvalidToken}
 */
export function assertAudience({ aud, client_id, token_use }: JWTPayload, audiences: readonly string[]): void {
  const isWithout = aud === undefined && token_use === 'access'
  const named: readonly unknown[] = isWithout ? [client_id] : Array.isArray(aud) ? aud : [aud]
  if (!named.some((name) => typeof name === 'string' && audiences.includes(name))) {
    throw new InvalidToken(otherAudience(audiences))
  }
}

/**
 * Checks all claims before an unknown key is fetched from the issuer. An attacker who knows the issuer and the audience can
 * forge these claims.
 *
 * @throws {InvalidToken}
 */
export function assertExpectedClaims(claims: JWTPayload, { issuer, audiences }: ExpectedClaims, now: Date): void {
  const seconds = now.getTime() / 1000
  const { iss, exp = Number.POSITIVE_INFINITY, nbf = 0 } = claims
  if (iss !== issuer) throw new InvalidToken(otherIssuer(issuer))
  assertAudience(claims, audiences)
  if (!(exp > seconds - LEEWAY_S)) throw new InvalidToken(TOKEN_ERRORS.expired)
  if (!(nbf <= seconds + LEEWAY_S)) throw new InvalidToken(TOKEN_ERRORS.notYetValid)
  assertAccessToken(claims, now)
}

import { errors } from 'jose'
import { InvalidToken } from '../../../domains/errors/access-errors.ts'
import { DomainError } from '../../../domains/errors/domain-error.ts'

/** Why a token is refused. Callers and the log get the same sentence, so it contains nothing of the token. */
export const TOKEN_ERRORS = {
  unreadable: 'The token cannot be read: it is not a signed JWT.',
  otherKind: 'The token is not an access token but one of another kind, such as an ID token.',
  expired: 'The token has expired.',
  neverExpires: 'The token has no expiry time that can be accepted.',
  notYetValid: 'The token is not yet valid.',
  issuedInFuture: 'The token was issued in the future.',
  wrongSignature: 'The signature of the token is wrong.',
  unknownKey: 'The token is signed by an unknown key: the issuer publishes none with its id and algorithm.',
  unsupported: 'The header of the token asks for something that is not supported.',
  boundToKey: 'The token is bound to a key, which was not proven.',
  noSubject: 'The token has no subject.',
  unusableSubject: 'The subject of the token is longer than 255 characters, or has control characters.',
} as const

export const otherIssuer = (issuer: string): string => `The issuer of the token is not ${issuer}.`

export const otherAudience = (audiences: readonly string[]): string =>
  `The audience of the token is not ${audiences.join(' or ')}.`

export const otherAlgorithm = (algorithms: readonly string[]): string =>
  `The algorithm of the token's signature is not ${algorithms.join(' or ')}.`

const BY_CODE: ReadonlyMap<string, string> = new Map([
  [errors.JWTExpired.code, TOKEN_ERRORS.expired],
  [errors.JWSSignatureVerificationFailed.code, TOKEN_ERRORS.wrongSignature],
  [errors.JWKSNoMatchingKey.code, TOKEN_ERRORS.unknownKey],
  [errors.JOSENotSupported.code, TOKEN_ERRORS.unsupported],
])

/**
 * The error of a token for the caller. The errors of the library contain the claims, which must not be logged: only their code
 * is kept.
 */
export function toTokenError(error: unknown, issuer: string): DomainError {
  if (error instanceof DomainError) return error
  if (!(error instanceof errors.JOSEError)) return new InvalidToken(TOKEN_ERRORS.unreadable, { cause: error })
  return new InvalidToken(sentenceFor(error, issuer), { cause: new Error(error.code) })
}

function sentenceFor(error: errors.JOSEError, issuer: string): string {
  if (!(error instanceof errors.JWTClaimValidationFailed)) return BY_CODE.get(error.code) ?? TOKEN_ERRORS.unreadable
  if (error.claim === 'iss') return otherIssuer(issuer)
  if (error.claim === 'nbf' && error.reason === 'check_failed') return TOKEN_ERRORS.notYetValid
  return `The claim ${error.claim} of the token is not valid.`
}

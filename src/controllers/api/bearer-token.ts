import { AuthenticationRequired, InvalidToken } from '../../domains/errors/access-errors.ts'

const BEARER = /^Bearer +/i

/**
 * The token in the one `authorization` that a caller sends, as header or as metadata.
 *
 * @throws {AuthenticationRequired} when there is none @throws {InvalidToken} when it is something else
 */
export function bearerToken(authorization: string | undefined, isDuplicated: () => boolean): string {
  if (authorization === undefined) throw new AuthenticationRequired()
  const [scheme] = BEARER.exec(authorization) ?? []
  if (scheme === undefined) throw new InvalidToken('The Authorization header is not a Bearer and a token.')
  if (isDuplicated()) throw new InvalidToken('There is more than one Authorization header.')
  return authorization.slice(scheme.length)
}

import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import type { Keys } from './issuer-keys.ts'
import type { KeySet } from './key-set.ts'

type Needs = Readonly<{
  keySet: Pick<KeySet, 'current' | 'refreshIfOlder'>
  /** Whether the header names the key. */
  namesKey: boolean
  /** Throws unless the token is worth fetching an unknown key from the issuer. */
  assertWorthFetching: () => void
  options: JWTVerifyOptions
}>

/** The claims of a token that one of the issuer's keys signed; an unknown key is fetched once. */
export async function signedClaims(token: string, needs: Needs): Promise<JWTPayload> {
  const { keySet, namesKey, assertWorthFetching, options } = needs
  const keys = await keySet.current()
  try {
    return await verify(token, keys, options)
  } catch (error) {
    if (!lacksItsKey(error, namesKey)) throw error
    assertWorthFetching()
    return verify(token, await keySet.refreshIfOlder(keys), options)
  }
}

/** A token that names no key may be signed with a new one, too. */
const lacksItsKey = (error: unknown, namesKey: boolean): boolean =>
  error instanceof errors.JWKSNoMatchingKey || (!namesKey && error instanceof errors.JWSSignatureVerificationFailed)

async function verify(token: string, keys: Keys, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    return verifyWithAny(token, error, options)
  }
}

async function verifyWithAny(
  token: string,
  keys: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, options)).payload
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
    }
  }
  throw new errors.JWSSignatureVerificationFailed()
}

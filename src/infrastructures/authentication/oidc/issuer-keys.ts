import { createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { addressIn, discover, type Fetch, fetchJson } from './discovery.ts'
import { type IssuerPlace, reachable } from './issuer-place.ts'
import { NoKeys, UnusableIssuer } from './unusable-issuer.ts'

/** The public keys of an issuer: picks the one that a token's header names. */
export type Keys = ReturnType<typeof createLocalJWKSet>

const DEADLINE_MS = 2_500
const ASYMMETRIC: ReadonlySet<unknown> = new Set(['RSA', 'EC', 'OKP'])

/**
 * Fetches the issuer's keys by its discovery document, within one deadline for both responses.
 *
 * @throws {UnusableIssuer} when the issuer does not answer in time, not as OpenID Connect Discovery 1.0 says, or has none
 */
export async function fetchKeys(place: IssuerPlace, fetch: Fetch, closing: AbortSignal): Promise<Keys> {
  const signal = AbortSignal.any([AbortSignal.timeout(DEADLINE_MS), closing])
  const address = addressIn(await discover(place, fetch, signal), 'jwks_uri', (uri) => reachable(place, uri))
  const { keys } = await fetchJson(address, fetch, signal)
  if (!Array.isArray(keys)) throw new UnusableIssuer('The issuer answered with no set of keys.')
  if (!keys.some(canSign)) throw new NoKeys('The issuer publishes no keys for signatures.')
  return keySetOf({ keys })
}

/** Ignores shared secrets and keys for encryption. */
const canSign = (key: unknown): boolean => {
  const { kty, use } = (key ?? {}) as Readonly<Record<string, unknown>>
  return ASYMMETRIC.has(kty) && use !== 'enc'
}

function keySetOf(jwks: JSONWebKeySet): Keys {
  try {
    return createLocalJWKSet(jwks)
  } catch (cause) {
    throw new UnusableIssuer('The issuer answered with no set of keys.', { cause })
  }
}

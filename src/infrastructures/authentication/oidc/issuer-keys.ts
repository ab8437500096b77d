import { createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { addressIn, discover, type Fetch, fetchJson } from './discovery.ts'

/** The public keys of an issuer: picks the one that a token's header names. */
export type Keys = ReturnType<typeof createLocalJWKSet>

const DEADLINE_MS = 2_500

/**
 * Asks the issuer for its keys, by way of its discovery document, within one deadline for both answers.
 *
 * @throws when the issuer does not answer in time, or not as OpenID Connect Discovery 1.0 says
 */
export async function fetchKeys(issuer: string, fetch: Fetch): Promise<Keys> {
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const address = addressIn(await discover(issuer, fetch, signal), 'jwks_uri')
  return createLocalJWKSet((await fetchJson(address, fetch, signal)) as unknown as JSONWebKeySet)
}

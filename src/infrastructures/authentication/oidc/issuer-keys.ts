import { createLocalJWKSet, type JSONWebKeySet } from 'jose'

/** The public keys of an issuer: picks the one that a token's header names. */
export type Keys = ReturnType<typeof createLocalJWKSet>

/** The part of `fetch` that is needed here. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>

const DEADLINE_MS = 2_500
const MAX_BYTES = 512 * 1024

/**
 * Asks the issuer for its keys, by way of its discovery document, within one deadline for both answers.
 * Redirects are refused and answers are bounded: what is fetched is decided by the setting and by its issuer alone.
 *
 * @throws when the issuer does not answer in time, or not as OpenID Connect Discovery 1.0 says
 */
export async function fetchKeys(issuer: string, fetch: Fetch): Promise<Keys> {
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const discovery = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const { issuer: named, jwks_uri } = await fetchJson(discovery, fetch, signal)
  if (named !== issuer) throw new Error('The discovery document names another issuer.')

  const keys = await fetchJson(keysAddress(jwks_uri, discovery), fetch, signal)
  return createLocalJWKSet(keys as unknown as JSONWebKeySet)
}

function keysAddress(claimed: unknown, discovery: URL): URL {
  const address = typeof claimed === 'string' ? URL.parse(claimed) : null
  if (address === null) throw new Error('The discovery document names no jwks_uri.')
  if (address.protocol !== 'https:' && address.protocol !== discovery.protocol) {
    throw new Error('The discovery document names a jwks_uri that is less protected than itself.')
  }
  return address
}

async function fetchJson(url: URL, fetch: Fetch, signal: AbortSignal): Promise<Record<string, unknown>> {
  const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal })
  if (response.status !== 200) throw new Error(`The issuer answered ${response.status}.`)

  const answer: unknown = JSON.parse(await boundedText(response))
  if (typeof answer !== 'object' || answer === null) throw new Error('The issuer answered with no JSON object.')
  return answer as Record<string, unknown>
}

async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > MAX_BYTES) throw new Error(`The issuer answered with more than ${MAX_BYTES} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

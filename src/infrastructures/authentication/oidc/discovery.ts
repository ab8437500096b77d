import { documentAddress, type IssuerPlace, names } from './issuer-place.ts'
import { toUnusableIssuer, UnusableIssuer } from './unusable-issuer.ts'

/** The part of `fetch` that is needed here. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>

/** The discovery document (OpenID Connect Discovery 1.0): its addresses are not validated yet. */
export type Discovery = Readonly<{ address: URL; claims: Readonly<Record<string, unknown>> }>

const MAX_BYTES = 512 * 1024

/** @throws when the issuer does not answer before the signal, or not as OpenID Connect Discovery 1.0 says */
export async function discover(place: IssuerPlace, fetch: Fetch, signal: AbortSignal): Promise<Discovery> {
  const address = documentAddress(place)
  const claims = await fetchJson(address, fetch, signal)
  if (!names(place, claims['issuer'])) throw new UnusableIssuer('The discovery document names another issuer.')
  return { address, claims }
}

type Move = (address: string) => string

/** An address in the discovery document. @throws when it is missing, or less protected than the document */
export function addressIn({ address, claims }: Discovery, name: string, move: Move = (same) => same): URL {
  const claimed = claims[name]
  const named = typeof claimed === 'string' ? URL.parse(move(claimed)) : null
  if (named === null) throw new UnusableIssuer(`The discovery document names no ${name}.`)
  if (named.protocol !== 'https:' && named.protocol !== address.protocol) {
    throw new UnusableIssuer(`The discovery document names a ${name} that is less protected than itself.`)
  }
  return named
}

/**
 * Refuses redirects and limits the size of responses: only the setting and the issuer decide what is fetched.
 *
 * @throws {UnusableIssuer}
 */
export async function fetchJson(url: URL, fetch: Fetch, signal: AbortSignal): Promise<Record<string, unknown>> {
  const answer = await read(url, fetch, signal).catch((failure: unknown) => {
    throw toUnusableIssuer(failure)
  })
  if (typeof answer !== 'object' || answer === null) {
    throw new UnusableIssuer('The issuer answered with no JSON object.')
  }
  return answer as Record<string, unknown>
}

async function read(url: URL, fetch: Fetch, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'manual', signal })
  if (response.status === 200) return JSON.parse(await boundedText(response))
  await response.body?.cancel()
  throw new UnusableIssuer(`The issuer answered ${response.status}.`)
}

async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > MAX_BYTES) throw new UnusableIssuer(`The issuer answered with more than ${MAX_BYTES} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

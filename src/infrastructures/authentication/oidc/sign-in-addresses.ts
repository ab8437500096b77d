import { addressIn, discover, type Fetch } from './discovery.ts'
import { type IssuerPlace, publicly } from './issuer-place.ts'

/** The authorization and the token endpoint of an issuer. */
export type SignInAddresses = Readonly<{ authorization: string; token: string }>

type Needs = Readonly<{
  issuer: string
  /** Where discovery is fetched; null: at the issuer itself. */
  discoveryUrl?: string | null
  /** A monotonic clock, in milliseconds. */
  uptime?: () => number
  fetch?: Fetch
}>

const DEADLINE_MS = 1_500
const COOLDOWN_MS = 30_000

/**
 * Discovers the endpoints of an issuer once, at first need. While the issuer does not answer, it tries at most twice a minute
 * and returns those of a Keycloak realm; it never throws.
 */
export function createSignInAddresses({ issuer, discoveryUrl = null, ...rest }: Needs): () => Promise<SignInAddresses> {
  const { uptime = () => performance.now(), fetch = globalThis.fetch } = rest
  let asked: Readonly<{ answer: Promise<SignInAddresses | null>; at: number }> | null = null

  return async () => {
    const known = await asked?.answer
    if (known) return known
    if (asked === null || uptime() - asked.at >= COOLDOWN_MS) {
      asked = { answer: askIssuer({ issuer, discoveryUrl }, fetch).catch(() => null), at: uptime() }
    }
    return (await asked.answer) ?? conventionalAddresses(issuer)
  }
}

async function askIssuer(place: IssuerPlace, fetch: Fetch): Promise<SignInAddresses> {
  const discovery = await discover(place, fetch, AbortSignal.timeout(DEADLINE_MS))
  const addressOf = (name: string) => addressIn(discovery, name, (address) => publicly(place, address)).href
  return { authorization: addressOf('authorization_endpoint'), token: addressOf('token_endpoint') }
}

function conventionalAddresses(issuer: string): SignInAddresses {
  const protocol = `${issuer.replace(/\/$/, '')}/protocol/openid-connect`
  return { authorization: `${protocol}/auth`, token: `${protocol}/token` }
}

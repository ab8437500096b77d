import { addressIn, discover, type Fetch } from './discovery.ts'

/** Where an issuer signs people in, and where it gives out tokens. */
export type SignInAddresses = Readonly<{ authorization: string; token: string }>

type Needs = Readonly<{
  issuer: string
  /** Milliseconds on a clock that never jumps. */
  uptime?: () => number
  fetch?: Fetch
}>

const DEADLINE_MS = 1_500
const COOLDOWN_MS = 30_000

/**
 * Finds out where an issuer signs people in: at the first need, and then never again. While the issuer does not
 * answer, which is asked at most twice a minute, the addresses are those of a Keycloak realm; it never throws.
 */
export function createSignInAddresses({ issuer, ...rest }: Needs): () => Promise<SignInAddresses> {
  const { uptime = () => performance.now(), fetch = globalThis.fetch } = rest
  let asked: Readonly<{ answer: Promise<SignInAddresses | null>; at: number }> | null = null

  return async () => {
    const known = await asked?.answer
    if (known) return known
    if (asked === null || uptime() - asked.at >= COOLDOWN_MS) {
      asked = { answer: askIssuer(issuer, fetch).catch(() => null), at: uptime() }
    }
    return (await asked.answer) ?? conventionalAddresses(issuer)
  }
}

async function askIssuer(issuer: string, fetch: Fetch): Promise<SignInAddresses> {
  const discovery = await discover(issuer, fetch, AbortSignal.timeout(DEADLINE_MS))
  return {
    authorization: addressIn(discovery, 'authorization_endpoint').href,
    token: addressIn(discovery, 'token_endpoint').href,
  }
}

function conventionalAddresses(issuer: string): SignInAddresses {
  const protocol = `${issuer.replace(/\/$/, '')}/protocol/openid-connect`
  return { authorization: `${protocol}/auth`, token: `${protocol}/token` }
}

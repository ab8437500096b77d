import { hash } from 'node:crypto'
import { decodeJwt, type JWTVerifyOptions } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Actor } from '../../../domains/entities/actor.ts'
import { InvalidToken } from '../../../domains/errors/access-errors.ts'
import type { IdentityProvider } from '../../../domains/ports/identity-provider.ts'
import type { Live } from '../../../patterns/live.ts'
import { memoizeLast } from '../../../patterns/memoize-last.ts'
import { subjectIds } from '../subject-ids.ts'
import { accessTokenHeader, assertAccessToken, LEEWAY_S } from './access-token.ts'
import { type ClaimSettings, toActor } from './actor-claims.ts'
import { claimPath } from './claim-path.ts'
import type { Fetch } from './discovery.ts'
import { assertAudience, assertExpectedClaims } from './expected-claims.ts'
import { fetchKeys } from './issuer-keys.ts'
import { startKeyRefresh, type Timing } from './key-refresh.ts'
import { createKeySet } from './key-set.ts'
import { toTokenError } from './token-errors.ts'
import { signedClaims } from './token-signature.ts'

export type OidcSettings = Readonly<{
  issuer: string
  /** One of them must be among the audiences of a token. */
  audiences: readonly string[]
  /** Asymmetric ones of RFC 7518 and RFC 8037, such as RS256 and EdDSA. Cached tokens with others are dropped. */
  algorithms: Live<readonly string[]>
  /** Where roles and username are in a token, as paths of names. */
  rolesClaim?: string
  usernameClaim?: string
  /** Where discovery and keys are fetched; null: at the issuer itself. */
  discoveryUrl?: string | null
  /** Called with the reason when the issuer's keys cannot be read. */
  onKeysUnavailable?: (cause: unknown) => void
  /** Called when they can be read again. */
  onKeysRecovered?: () => void
  now?: () => Date
  /** A monotonic clock, in milliseconds. */
  uptime?: () => number
  fetch?: Fetch
}>

export type OidcIdentityProvider = IdentityProvider &
  Disposable &
  Readonly<{
    /** Reads the keys now and keeps them fresh in the background. Without it they are read at first need. */
    start: (timing: Timing) => void
  }>

/** As long as all headers together may be: Keycloak's tokens have 1 to 2 KB, others name every group of their user. */
const MAX_LENGTH = 16 * 1024

const ASYMMETRIC = /^(?:RS|PS|ES)(?:256|384|512)$|^(?:EdDSA|Ed25519)$/

/** Authenticates callers by the access tokens of any OpenID Connect issuer. */
export function createOidcIdentityProvider(settings: OidcSettings): OidcIdentityProvider {
  const { issuer, audiences, algorithms, discoveryUrl = null } = settings
  const { now = () => new Date(), uptime = () => performance.now(), fetch = globalThis.fetch } = settings

  const closing = new AbortController()
  const reports = reportsUntil(closing.signal, settings)
  const keySet = createKeySet({
    load: () => fetchKeys({ issuer, discoveryUrl }, fetch, closing.signal),
    uptime,
    ...reports,
  })
  const [reading, signaturesOf] = [claimSettings(settings), memoizeLast(signaturesAt({ now, uptime }))]
  signaturesOf(algorithms())

  async function verify(token: string, { accepted, known }: ReturnType<typeof signaturesOf>): Promise<Actor> {
    const header = accessTokenHeader(token, accepted)
    const claimed = decodeJwt(token)
    if (claimed.iss === issuer) keySet.refreshIfStale()

    const currentDate = now()
    const options: JWTVerifyOptions = { issuer, algorithms: accepted, clockTolerance: LEEWAY_S, currentDate }
    const assertWorthFetching = () => assertExpectedClaims(claimed, { issuer, audiences }, currentDate)
    const namesKey = header.kid !== undefined
    const claims = await signedClaims(token, { keySet, namesKey, assertWorthFetching, options })
    assertAudience(claims, audiences)
    assertAccessToken(claims, currentDate)

    const actor = toActor(claims, reading)
    known.add(token, actor, (Number(claims.exp) + LEEWAY_S) * 1000)
    return actor
  }

  const refuse = (error: unknown): never => {
    throw toTokenError(error, issuer)
  }

  return {
    async authenticate(token) {
      assertLength(token)
      const signatures = signaturesOf(algorithms())
      return signatures.known.find(token) ?? verify(token, signatures).catch(refuse)
    },
    ping: keySet.ping,
    start: (timing) => closing.signal.addEventListener('abort', startKeyRefresh(keySet, timing), { once: true }),
    [Symbol.dispose]: () => closing.abort(),
  }
}

/** The accepted algorithms, with a token cache of their own: a change of the algorithms starts with an empty one. */
const signaturesAt = (clocks: Parameters<typeof createTokenCache>[0]) => (accepted: readonly string[]) => {
  if (!accepted.every((name) => ASYMMETRIC.test(name))) throw new TypeError('The algorithms must be asymmetric.')
  return { accepted: [...accepted], known: createTokenCache(clocks) }
}

const claimSettings = ({ issuer, rolesClaim, usernameClaim }: OidcSettings): ClaimSettings => ({
  idOf: subjectIds(issuer),
  roles: claimPath(rolesClaim ?? 'realm_access.roles'),
  username: claimPath(usernameClaim ?? 'preferred_username'),
})

/** Reports nothing after disposal, which aborts requests. */
const reportsUntil = (closed: AbortSignal, { onKeysUnavailable, onKeysRecovered }: OidcSettings) => ({
  onFailure: (cause: unknown) => (closed.aborted ? undefined : onKeysUnavailable?.(cause)),
  onRecovery: () => onKeysRecovered?.(),
})

/** @throws {InvalidToken} */
function assertLength(token: string): void {
  if (token.length > MAX_LENGTH) {
    throw new InvalidToken(`The token is too long: it has more than ${MAX_LENGTH} characters.`)
  }
}

type Needs = Readonly<{ now: () => Date; uptime: () => number }>

const MAX_TOKENS = 10_000
const MAX_AGE_MS = 60_000

/** Caches the actors of verified tokens for a minute, and never past their expiry. Stores only digests of the tokens. */
export function createTokenCache({ now, uptime }: Needs) {
  const seen = new LRUCache<string, Readonly<{ actor: Actor; endsAt: number }>>({
    max: MAX_TOKENS,
    ttl: MAX_AGE_MS,
    ttlResolution: 0,
    perf: { now: uptime },
  })

  return {
    find(token: string): Actor | null {
      const entry = seen.get(digest(token))
      return entry !== undefined && now().getTime() < entry.endsAt ? entry.actor : null
    },

    add(token: string, actor: Actor, endsAt: number): void {
      seen.set(digest(token), { actor, endsAt })
    },
  }
}

const digest = (token: string): string => hash('sha256', token, 'base64')

import { PRODUCT } from '../patterns/product.ts'
import { httpAddress } from './config/addresses.ts'
import type { createSettingsReader } from './config/env.ts'
import { claimName, duration, entry, listOf, oneOf, orOff, secret } from './config/parsers.ts'

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const
const DEFAULT_REALM = PRODUCT.namespace
const HOUR_MS = 3_600_000

type Settings = Pick<ReturnType<typeof createSettingsReader>, 'read' | 'reject'>

/** The issuer whose tokens are accepted, and how their claims are read. */
export const readOidc = ({ read }: Pick<Settings, 'read'>, issuer: string | null) => ({
  issuer,
  audiences: read('OIDC_AUDIENCE', listOf(entry), [PRODUCT.namespace] as const),
  algorithms: read('OIDC_ALGORITHMS', listOf(oneOf(...ALGORITHMS)), ['RS256', 'PS256', 'ES256', 'EdDSA'] as const),
  rolesClaim: read('OIDC_ROLES_CLAIM', claimName, 'realm_access.roles'),
  usernameClaim: read('OIDC_USERNAME_CLAIM', claimName, 'preferred_username'),
  discoveryUrl: read('OIDC_DISCOVERY_URL', httpAddress, null),
})

/** The webhook of Keycloak, and its admin API. */
export function readKeycloak({ read, reject }: Settings, issuer: string | null, isProduction: boolean) {
  const webhookSecret = read('KEYCLOAK_WEBHOOK_SECRET', secret(32, isProduction), null)
  const realm = read('KEYCLOAK_REALM', entry, issuer === null ? DEFAULT_REALM : realmOf(issuer))
  const [clientId, clientSecret] = [
    read('KEYCLOAK_ADMIN_CLIENT_ID', entry, null),
    read('KEYCLOAK_ADMIN_CLIENT_SECRET', secret(1, isProduction), null),
  ]
  const everyMs = read('USERS_RECONCILE_EVERY', orOff(duration('1s', '30d')), HOUR_MS)

  if (webhookSecret !== null && realm === null) reject('KEYCLOAK_REALM is required, as OIDC_ISSUER names no realm')
  if (clientId !== null && clientSecret === null)
    reject('KEYCLOAK_ADMIN_CLIENT_SECRET is required beside KEYCLOAK_ADMIN_CLIENT_ID')
  if (clientId === null && clientSecret !== null)
    reject('KEYCLOAK_ADMIN_CLIENT_ID is required beside KEYCLOAK_ADMIN_CLIENT_SECRET')

  const adminClient = clientId === null || clientSecret === null ? null : { id: clientId, secret: clientSecret }
  return {
    webhookSecret,
    realm: realm ?? DEFAULT_REALM,
    adminClient,
    reconcileEveryMs: adminClient === null ? null : everyMs,
  }
}

/** `https://keycloak.example/realms/forum` is the issuer of the realm `forum`. */
function realmOf(issuer: string): string | null {
  const [, name] = /\/realms\/([^/]+)\/?$/.exec(new URL(issuer).pathname) ?? []
  return name === undefined ? null : decodeURIComponent(name)
}

import { createAdminApi } from '../infrastructures/authentication/keycloak/admin-api.ts'
import { reachableBase } from '../infrastructures/authentication/oidc/issuer-place.ts'
import { ConfigurationError } from './config/env.ts'
import type { Config } from './config.ts'

/** The admin API of Keycloak; null if the settings name no admin client, or no Keycloak. */
export function openAdminApi({ oidc, keycloak }: Config) {
  const server = serverOf(oidc)
  if (server === null || keycloak.adminClient === null) return null
  return createAdminApi({ server, realm: keycloak.realm, client: keycloak.adminClient })
}

/** For commands that need it. @throws {ConfigurationError} with all missing settings */
export function requireAdminApi(config: Config) {
  const api = openAdminApi(config)
  if (api !== null) return api
  const missing = [
    ...(config.keycloak.adminClient === null ? ['KEYCLOAK_ADMIN_CLIENT_ID', 'KEYCLOAK_ADMIN_CLIENT_SECRET'] : []),
    ...(serverOf(config.oidc) === null ? ['OIDC_ISSUER, which must be a realm of Keycloak,'] : []),
  ]
  throw new ConfigurationError(missing.map((name) => `${name} is required`))
}

/** The part of an issuer before `/realms/…`. */
function serverOf({ issuer, discoveryUrl }: Config['oidc']): string | null {
  if (issuer === null) return null
  const [, server] = /^(.+)\/realms\/[^/]+$/.exec(reachableBase({ issuer, discoveryUrl })) ?? []
  return server ?? null
}

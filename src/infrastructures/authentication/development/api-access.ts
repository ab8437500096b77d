import type { Grant, KoaContextWithOIDC, ResourceServer } from 'oidc-provider'

export const SCOPES = 'openid profile email'

/** The API among the resources of this issuer: RFC 8707 wants a URI, an audience is any text. */
export const API = 'urn:forum:api'

/** What tokens for the API look like, also for a client that asks for no scope (RFC 6749, section 3.3). */
export function describeApi(audience: string, lifetimeS: number): ResourceServer {
  return {
    scope: SCOPES,
    audience,
    accessTokenTTL: lifetimeS,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'RS256' } },
  }
}

/** Grants a client all that it may ask for, without asking the user. */
export async function grantSilently({ oidc }: KoaContextWithOIDC): Promise<Grant> {
  const grant = new oidc.provider.Grant({
    accountId: String(oidc.session?.accountId),
    clientId: String(oidc.client?.clientId),
  })
  grant.addOIDCScope(SCOPES)
  grant.addResourceScope(API, SCOPES)
  await grant.save()
  return grant
}

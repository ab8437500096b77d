import type { Grant, KoaContextWithOIDC, ResourceServer } from 'oidc-provider'
import { PRODUCT } from '../../patterns/product.ts'

export const SCOPES = 'openid profile email'

/** The API among the resources of this issuer: RFC 8707 wants a URI, an audience is any text. */
const API = `urn:${PRODUCT.service}:api`

/** Every token is for the API, though clients do not ask for it, and some for no scope either (RFC 6749, section 3.3). */
export function defaultResource({ oidc }: KoaContextWithOIDC): string {
  if (oidc.route === 'authorization' && oidc.params !== undefined) {
    const { scope = SCOPES } = oidc.params
    Object.assign(oidc.params, { scope })
  }
  return API
}

/** What tokens for the API look like. */
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
export async function autoConsent({ oidc }: KoaContextWithOIDC): Promise<Grant> {
  const grant = new oidc.provider.Grant({
    accountId: String(oidc.session?.accountId),
    clientId: String(oidc.client?.clientId),
  })
  grant.addOIDCScope(SCOPES)
  grant.addResourceScope(API, SCOPES)
  await grant.save()
  return grant
}

import { randomBytes } from 'node:crypto'
import type { Configuration, Provider } from 'oidc-provider'
import { PRODUCT } from '../../patterns/product.ts'
import type { Accounts } from './accounts.ts'
import { autoConsent, defaultResource, describeApi, SCOPES } from './api-access.ts'
import { createSessionStore } from './session-store.ts'
import { pageHeaders, problemPage } from './sign-in-page.ts'
import type { SigningKey } from './signing-key.ts'

export type ProviderSettings = Readonly<{
  issuer: string
  /** The audience of the access tokens. */
  audience: string
  /** The redirect URIs of the API documentation. Their origins may request tokens. */
  redirectUris: readonly string[]
}>

type Library = typeof import('oidc-provider')

const LIFETIME_S = 60 * 60

/** The library, set up for one public client that signs people in with PKCE and gets tokens for the API. */
export async function createProvider(
  settings: ProviderSettings,
  key: SigningKey,
  accounts: Accounts,
): Promise<Provider> {
  const library = await load()
  const mount = new URL(settings.issuer).pathname
  const policy = library.interactionPolicy.base()
  policy.remove('consent')
  const provider = new library.Provider(settings.issuer, {
    ...clients(settings.redirectUris),
    ...accounts.configuration,
    adapter: createSessionStore(),
    jwks: { keys: [key] },
    cookies: cookies(mount),
    ttl: {
      AccessToken: LIFETIME_S,
      IdToken: LIFETIME_S,
      Interaction: LIFETIME_S,
      Session: LIFETIME_S,
      Grant: LIFETIME_S,
    },
    scopes: SCOPES.split(' '),
    loadExistingGrant: autoConsent,
    renderError(ctx, { error, error_description: description }) {
      ctx.set(pageHeaders([]))
      ctx.body = problemPage(description ?? error)
    },
    interactions: { policy, url: (_ctx, { uid }) => `${mount}/interaction/${uid}` },
    features: features(settings.audience),
  })
  provider.proxy = true // It trusts the forwarded protocol, which is that of the issuer.
  return provider
}

async function load(): Promise<Library> {
  try {
    return await import('oidc-provider')
  } catch (cause) {
    throw new Error('The development issuer needs the development dependencies: install them, or set OIDC_ISSUER.', {
      cause,
    })
  }
}

const clients = (redirectUris: readonly string[]): Configuration => ({
  clients: [{ client_id: PRODUCT.docsClient, token_endpoint_auth_method: 'none', redirect_uris: [...redirectUris] }],
  clientBasedCORS: (_ctx, origin) => redirectUris.some((uri) => new URL(uri).origin === origin),
  pkce: { required: () => true },
})

/**
 * Developers switch between users, so no session signs in by itself: browsers store its cookie for a path that does not
 * exist.
 */
const cookies = (mount: string): Configuration['cookies'] => ({
  keys: [randomBytes(32).toString('base64')],
  long: { httpOnly: true, sameSite: 'lax', path: `${mount}/never` },
})

const features = (audience: string): Configuration['features'] => ({
  devInteractions: { enabled: false },
  dPoP: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  rpInitiatedLogout: { enabled: false },
  userinfo: { enabled: false },
  resourceIndicators: {
    enabled: true,
    defaultResource: defaultResource,
    getResourceServerInfo: () => describeApi(audience, LIFETIME_S),
  },
})

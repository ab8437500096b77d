import type { SignIn } from '../controllers/http/docs/sign-in.ts'
import type { Mount } from '../controllers/http/mounts.ts'
import type { IdentityProvider } from '../domains/ports/identity-provider.ts'
import { createOidcIdentityProvider } from '../infrastructures/authentication/oidc/identity-provider.ts'
import { createSignInAddresses } from '../infrastructures/authentication/oidc/sign-in-addresses.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import type { Config } from './config.ts'
import { DATA_DIRECTORY, DOCS_CLIENT, developmentIssuerUrl, REDIRECT_PATH } from './development.ts'
import { warning } from './warning.ts'

/** Who vouches for callers, how they sign in, and, in development, the issuer that runs within this service. */
export type Identity = Readonly<{
  provider: IdentityProvider
  issuer: string
  signIn: SignIn
  mounts: readonly Mount[]
}>

export async function openIdentity(config: Config, logger: Logger): Promise<Identity> {
  const { audience, algorithms } = config.oidc
  const issuer = config.oidc.issuer ?? developmentIssuerUrl(config)
  const onKeysUnavailable = warning(logger, (cause) => `waiting for the keys of OIDC_ISSUER ${issuer}: ${cause}`)

  return {
    provider: createOidcIdentityProvider({ issuer, audience, algorithms, onKeysUnavailable }),
    issuer,
    ...(config.oidc.issuer === null
      ? { signIn: developmentSignIn(issuer), mounts: [await openDevelopmentIssuer(config, issuer)] }
      : { signIn: { clientId: DOCS_CLIENT, addresses: createSignInAddresses({ issuer }) }, mounts: [] }),
  }
}

const developmentSignIn = (issuer: string): SignIn => ({
  clientId: DOCS_CLIENT,
  addresses: async () => ({ authorization: `${issuer}/auth`, token: `${issuer}/token` }),
})

/** Loaded only where it is used: its library is not there in production. */
async function openDevelopmentIssuer(config: Config, issuer: string): Promise<Mount> {
  const { createDevelopmentIssuer } = await import('../infrastructures/authentication/development/issuer.ts')
  const { hostname, pathname } = new URL(issuer)
  const redirectUris = [...new Set([hostname, 'localhost'])].map((name) => docsAnswerUrl(name, config.http.port))
  const { audience } = config.oidc
  const { handle } = await createDevelopmentIssuer({ issuer, audience, dataDirectory: DATA_DIRECTORY, redirectUris })
  return { path: pathname, handle }
}

const docsAnswerUrl = (host: string, port: number): string => new URL(`http://${host}:${port}${REDIRECT_PATH}`).href

import type { SignIn } from '../controllers/http/docs/sign-in.ts'
import type { RawHandler } from '../controllers/http/raw-handlers.ts'
import {
  createOidcIdentityProvider,
  type OidcIdentityProvider,
} from '../infrastructures/authentication/oidc/identity-provider.ts'
import { createSignInAddresses } from '../infrastructures/authentication/oidc/sign-in-addresses.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { PRODUCT } from '../patterns/product.ts'
import type { Config } from './config.ts'
import {
  DATA_DIRECTORY,
  developmentIssuerUrl,
  ISSUER_PATH,
  loadIssuer,
  localUrl,
  REDIRECT_PATH,
} from './development.ts'
import { createOutageLog } from './log-warning.ts'
import type { SettingsInUse } from './settings/settings.ts'

/** The identity provider, how users sign in, and, in development, the issuer that runs within this service. */
export type IdentityAdapter = Disposable &
  Readonly<{
    /** Is started when the service listens: the development issuer is behind the same port. */
    provider: OidcIdentityProvider
    issuer: string
    signIn: SignIn
    rawHandlers: readonly RawHandler[]
  }>

export async function openIdentity({ config, live }: SettingsInUse, logger: Logger): Promise<IdentityAdapter> {
  const { audiences, rolesClaim, usernameClaim, discoveryUrl } = config.oidc
  const issuer = config.oidc.issuer ?? developmentIssuerUrl(config)
  const outage = createOutageLog(logger, {
    textOf: (cause) => `waiting for the keys of OIDC_ISSUER ${issuer}: ${cause}`,
    restored: `the keys of OIDC_ISSUER ${issuer} can be read again`,
  })
  const reports = { onKeysUnavailable: outage.warn, onKeysRecovered: outage.resolve }

  const fetch = config.oidc.issuer === null ? fetchLocally(config, issuer) : globalThis.fetch
  const provider = createOidcIdentityProvider({
    issuer,
    audiences,
    algorithms: live.OIDC_ALGORITHMS,
    ...(config.oidc.issuer === null ? {} : { rolesClaim, usernameClaim, discoveryUrl }),
    fetch,
    ...reports,
  })

  return {
    provider,
    issuer,
    [Symbol.dispose]: () => provider[Symbol.dispose](),
    ...(config.oidc.issuer === null
      ? { signIn: developmentSignIn(issuer), rawHandlers: [await openDevelopmentIssuer(config, issuer)] }
      : {
          signIn: { clientId: PRODUCT.docsClient, addresses: createSignInAddresses({ issuer, discoveryUrl }) },
          rawHandlers: [],
        }),
  }
}

/** Asks the issuer within this service without leaving the machine: its public address may not be reachable from here. */
const fetchLocally =
  (config: Config, issuer: string): typeof globalThis.fetch =>
  (input, init) =>
    fetch(
      String(input).replace(issuer, () => localUrl(config) + ISSUER_PATH),
      init,
    )

const developmentSignIn = (issuer: string): SignIn => ({
  clientId: PRODUCT.docsClient,
  addresses: async () => ({ authorization: `${issuer}/auth`, token: `${issuer}/token` }),
})

async function openDevelopmentIssuer(config: Config, issuer: string): Promise<RawHandler> {
  const { createDevelopmentIssuer } = await loadIssuer(config)
  const { handle } = await createDevelopmentIssuer({
    issuer,
    audience: config.oidc.audiences[0],
    dataDirectory: DATA_DIRECTORY,
    redirectUris: redirectUris(config),
    mountPath: ISSUER_PATH,
  })
  return { path: ISSUER_PATH, handle }
}

function redirectUris(config: Config): readonly string[] {
  const [local, { port }] = [localUrl(config), config.http]
  const bases = new Set([config.http.publicUrl ?? local, local, `http://localhost:${port}`])
  return [...bases].map((base) => new URL(base + REDIRECT_PATH).href)
}

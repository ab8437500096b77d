import type { Config } from './config.ts'

/** Where the development issuer keeps its key. */
export const DATA_DIRECTORY = './data'

/** The redirect path of the documentation page. */
export const REDIRECT_PATH = '/docs/static/oauth2-redirect.html'

/** The path of the development issuer. */
export const ISSUER_PATH = '/issuer'

/** The issuer that runs within this service, under the address at which clients reach the service. */
export const developmentIssuerUrl = (config: Config): string =>
  (config.http.publicUrl ?? localUrl(config)) + ISSUER_PATH

/** Where the service is reached on this machine. */
export function localUrl({ http: { host, port: ours } }: Config, port = ours): string {
  const isEverywhere = host === '0.0.0.0' || host === '::'
  const name = isEverywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

/**
 * The only import of the code for development: an image for production does not contain it.
 *
 * @throws in production
 */
export async function loadIssuer({ environment }: Pick<Config, 'environment'>) {
  if (environment === 'production') throw new Error('There is no development issuer in production.')
  const [{ createDevelopmentIssuer }, { mintDevelopmentToken }, { accountClaims }, { recordIssuer, runningIssuers }] =
    await Promise.all([
      import('../development/issuer/issuer.ts'),
      import('../development/issuer/mint-token.ts'),
      import('../development/issuer/account-claims.ts'),
      import('../development/issuer/running-issuers.ts'),
    ])
  return { createDevelopmentIssuer, mintDevelopmentToken, accountClaims, recordIssuer, runningIssuers }
}

/** What a token is signed for. */
export type TokenTarget = Readonly<{ issuer: string; audience: string }>

export const configuredTarget = (config: Config): TokenTarget => ({
  issuer: developmentIssuerUrl(config),
  audience: config.oidc.audiences[0],
})

/** Lets `npm run token` find this service on any port. A service that cannot write this runs without it. */
export async function recordDevelopmentIssuer(config: Config): Promise<void> {
  if (config.environment === 'production' || config.oidc.issuer !== null) return
  const { recordIssuer } = await loadIssuer(config)
  const running = { ...configuredTarget(config), localUrl: localUrl(config) + ISSUER_PATH }
  await recordIssuer(DATA_DIRECTORY, running).catch(() => {})
}

/** A token of the development issuer, which need not be running. */
export async function developmentToken(
  config: Config,
  username: string,
  roles: readonly string[],
  target = configuredTarget(config),
): Promise<string> {
  const { mintDevelopmentToken } = await loadIssuer(config)
  return mintDevelopmentToken({ ...target, dataDirectory: DATA_DIRECTORY, username, roles, now: new Date() })
}

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
  const [{ createDevelopmentIssuer }, { mintDevelopmentToken }, { accountClaims }] = await Promise.all([
    import('../development/issuer/issuer.ts'),
    import('../development/issuer/mint-token.ts'),
    import('../development/issuer/account-claims.ts'),
  ])
  return { createDevelopmentIssuer, mintDevelopmentToken, accountClaims }
}

/** A token of the development issuer, which need not be running. */
export async function developmentToken(config: Config, username: string, roles: readonly string[]): Promise<string> {
  const { mintDevelopmentToken } = await loadIssuer(config)
  return mintDevelopmentToken({
    issuer: developmentIssuerUrl(config),
    audience: config.oidc.audiences[0],
    dataDirectory: DATA_DIRECTORY,
    username,
    roles,
    now: new Date(),
  })
}

import type { Logger } from 'pino'
import type { Mount } from '../controllers/http/mounts.ts'
import type { IdentityProvider } from '../domains/ports/identity-provider.ts'
import { createOidcIdentityProvider } from '../infrastructures/authentication/oidc/identity-provider.ts'
import type { Config } from './config.ts'
import { DATA_DIRECTORY, developmentIssuerUrl, REDIRECT_PATH } from './development.ts'

/** Who vouches for callers, and, in development, the issuer that runs within this service. */
export type Identity = Readonly<{
  provider: IdentityProvider
  issuer: string
  mounts: readonly Mount[]
}>

export async function openIdentity(config: Config, logger: Logger): Promise<Identity> {
  const { audience, algorithms } = config.oidc
  const issuer = config.oidc.issuer ?? developmentIssuerUrl(config)
  const onKeysUnavailable = (cause: unknown) =>
    logger.warn(
      { 'error.message': cause instanceof Error ? cause.message : 'unknown' },
      'the keys of the issuer cannot be read',
    )

  return {
    provider: createOidcIdentityProvider({ issuer, audience, algorithms, onKeysUnavailable }),
    issuer,
    mounts: config.oidc.issuer === null ? [await openDevelopmentIssuer(config, issuer)] : [],
  }
}

/** Loaded only where it is used: its library is not there in production. */
async function openDevelopmentIssuer(config: Config, issuer: string): Promise<Mount> {
  const { createDevelopmentIssuer } = await import('../infrastructures/authentication/development/issuer.ts')
  const { host, port } = config.http
  const redirectUris = [...new Set([new URL(issuer).hostname, 'localhost', host])]
    .filter((name) => name !== '0.0.0.0')
    .map((name) => `http://${name}:${port}${REDIRECT_PATH}`)
  const { audience } = config.oidc
  const { handle } = await createDevelopmentIssuer({ issuer, audience, dataDirectory: DATA_DIRECTORY, redirectUris })
  return { path: new URL(issuer).pathname, handle }
}

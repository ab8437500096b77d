import { UsageError } from '../command-line.ts'
import type { Config } from '../config.ts'
import { DATA_DIRECTORY, developmentIssuerUrl, loadIssuer } from '../development.ts'

/** Prints a token of the development issuer, with or without a running server. */
export async function token(config: Config, username: string, roles: readonly string[]): Promise<void> {
  if (config.environment === 'production' || config.oidc.issuer !== null) {
    throw new UsageError('token: there is no development issuer in production or beside OIDC_ISSUER')
  }
  const { mintDevelopmentToken } = await loadIssuer(config)
  const token = await mintDevelopmentToken({
    issuer: developmentIssuerUrl(config),
    audience: config.oidc.audiences[0],
    dataDirectory: DATA_DIRECTORY,
    username,
    roles,
    now: new Date(),
  })
  process.stdout.write(`${token}\n`)
}

import { UsageError } from '../command-line.ts'
import type { Config } from '../config.ts'
import { developmentToken } from '../development.ts'

/** Prints a token of the development issuer, with or without a running server. */
export async function token(config: Config, username: string, roles: readonly string[]): Promise<void> {
  if (config.environment === 'production' || config.oidc.issuer !== null) {
    throw new UsageError('token: there is no development issuer in production or beside OIDC_ISSUER')
  }
  process.stdout.write(`${await developmentToken(config, username, roles)}\n`)
}

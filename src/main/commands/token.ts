import { UsageError } from '../command-line.ts'
import type { Variables } from '../config/env.ts'
import type { Config } from '../config.ts'
import { configuredTarget, DATA_DIRECTORY, developmentToken, loadIssuer, type TokenTarget } from '../development.ts'

/** The settings that say where the service is. */
const ADDRESS_SETTINGS = ['HTTP_HOST', 'HTTP_PORT', 'PUBLIC_URL']

type Subject = Readonly<{ username: string; roles: readonly string[] }>

/**
 * Prints a token of the development issuer, with or without a running server. Without an address in the settings it is
 * for the service that runs in this directory, whatever its port.
 */
export async function token(config: Config, given: Variables, { username, roles }: Subject): Promise<void> {
  if (config.environment === 'production' || config.oidc.issuer !== null) {
    throw new UsageError('token: there is no development issuer in production or beside OIDC_ISSUER')
  }
  const target = await chooseTarget(config, given)
  process.stdout.write(`${await developmentToken(config, username, roles, target)}\n`)
}

/** The service that a token is for. @throws {UsageError} if several services run and none is at the configured address */
export async function chooseTarget(config: Config, given: Variables): Promise<TokenTarget> {
  const { runningIssuers } = await loadIssuer(config)
  const configured = configuredTarget(config)
  const running = await runningIssuers(DATA_DIRECTORY)
  const others = running.filter(({ issuer }) => issuer !== configured.issuer)
  const listed = others.map(({ issuer }) => issuer).join(', ')
  const isAddressGiven = ADDRESS_SETTINGS.some((name) => given[name] !== undefined)
  const audienceOf = ({ audience }: TokenTarget) =>
    given['OIDC_AUDIENCE'] === undefined ? audience : configured.audience

  const here = running.find(({ issuer }) => issuer === configured.issuer)
  if (here !== undefined) {
    if (others.length > 0 && !isAddressGiven) note(`the token is for ${here.issuer}; set HTTP_PORT for ${listed}`)
    return { issuer: here.issuer, audience: audienceOf(here) }
  }
  if (isAddressGiven) {
    if (others.length > 0) note(`the token is for ${configured.issuer}, which does not run; ${listed} does`)
    return configured
  }
  const [only, ...more] = others
  if (only === undefined) {
    if (process.stderr.isTTY) note(`no service runs in this directory; the token is for ${configured.issuer}`)
    return configured
  }
  if (more.length > 0) throw new UsageError(`token: several services run here, set HTTP_PORT to choose one: ${listed}`)
  return { issuer: only.issuer, audience: audienceOf(only) }
}

const note = (text: string): void => void process.stderr.write(`token: ${text}\n`)

import { parseArgs } from 'node:util'

/** The command line is wrong. */
export class UsageError extends Error {}

export const USAGE = `Usage: npm start -- [command], or with Node.js 24: node src/main.ts [command]

  serve                                   run the service (default)
  migrate                                 apply pending migrations
  seed                                    write sample data
  authorization-migrate                   create store and model of AUTHORIZATION_URL, print their ids
  authorization-rebuild [--check]         update its permissions from the database, or print differences
  replay --since <time>                   publish stored events again, from a time such as 2026-11-22T12:00:00Z on
  reconcile [--dry-run]                   compare all users with Keycloak and update those that differ
  webhook create|list|update|delete [--url <url>]
                                          register this service at Keycloak
  token <username> [--role super_admin]   print a token of the development issuer`

const WEBHOOK_VERBS = ['create', 'list', 'update', 'delete'] as const
export type WebhookVerb = (typeof WEBHOOK_VERBS)[number]

export type Command =
  | Readonly<{ name: 'serve' | 'migrate' | 'seed' | 'authorization-migrate' }>
  | Readonly<{ name: 'authorization-rebuild'; checks: boolean }>
  | Readonly<{ name: 'replay'; since: Date }>
  | Readonly<{ name: 'reconcile'; isDryRun: boolean }>
  | Readonly<{ name: 'webhook'; verb: WebhookVerb; url: string | null }>
  | Readonly<{ name: 'token'; username: string; roles: readonly string[] }>

/** @throws {UsageError} */
export function parseCommandLine(args: readonly string[]): Command {
  const { positionals, roles, since, isDryRun, url, checks } = parseArguments(args)
  const [name = 'serve', ...rest] = positionals

  if (roles.length > 0 && name !== 'token') throw new UsageError('only token takes --role')
  if (since !== undefined && name !== 'replay') throw new UsageError('only replay takes --since')

  if (isDryRun && name !== 'reconcile') throw new UsageError('only reconcile takes --dry-run')
  if (url !== null && name !== 'webhook') throw new UsageError('only webhook takes --url')
  if (checks && name !== 'authorization-rebuild') throw new UsageError('only authorization-rebuild takes --check')

  switch (name) {
    case 'serve':
    case 'migrate':
    case 'seed':
    case 'authorization-migrate':
      if (rest.length > 0) throw new UsageError(`${name} takes nothing more`)
      return { name }
    case 'authorization-rebuild':
      if (rest.length > 0) throw new UsageError('authorization-rebuild takes nothing but --check')
      return { name, checks }
    case 'replay':
      if (rest.length > 0) throw new UsageError('replay takes nothing but --since')
      return { name, since: timeOf(since) }
    case 'reconcile':
      if (rest.length > 0) throw new UsageError('reconcile takes nothing but --dry-run')
      return { name, isDryRun }
    case 'webhook':
      return { name, verb: oneVerb(rest), url }
    case 'token':
      return { name, username: oneUsername(rest), roles: roles.map(knownRole) }
    default:
      throw new UsageError(`there is no command ${name}`)
  }
}

function parseArguments(args: readonly string[]) {
  try {
    const options = {
      role: { type: 'string', multiple: true },
      since: { type: 'string' },
      'dry-run': { type: 'boolean' },
      url: { type: 'string' },
      check: { type: 'boolean' },
    } as const
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    return {
      positionals,
      roles: values.role ?? [],
      since: values.since,
      isDryRun: values['dry-run'] ?? false,
      url: urlOf(values.url),
      checks: values.check ?? false,
    }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'the command line cannot be read')
  }
}

const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/

/** A time of RFC 3339, or a day, which begins in UTC. */
function timeOf(text = ''): Date {
  const time = new Date(ISO_TIME.test(text) ? text : Number.NaN)
  if (Number.isNaN(time.getTime())) throw new UsageError('replay needs --since and a time such as 2026-11-22T12:00:00Z')
  return time
}

function oneVerb([word, ...more]: readonly string[]): WebhookVerb {
  const verb = WEBHOOK_VERBS.find((known) => known === word)
  if (verb === undefined || more.length > 0) throw new UsageError(`webhook takes one of ${WEBHOOK_VERBS.join(', ')}`)
  return verb
}

function urlOf(text: string | undefined): string | null {
  if (text === undefined) return null
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new UsageError('--url must be an address of http or https')
  return text
}

function oneUsername(rest: readonly string[]): string {
  const [username, ...more] = rest
  if (username === undefined || more.length > 0) throw new UsageError('token takes one username')
  if (!/^\S.{0,63}$/u.test(username)) throw new UsageError('a username has 1 to 64 characters')
  return username
}

function knownRole(role: string): string {
  if (role !== 'super_admin') throw new UsageError('the only role is super_admin')
  return role
}

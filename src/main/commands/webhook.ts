import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import { keycloakWebhooks, type Webhook } from '../../infrastructures/authentication/keycloak/webhooks.ts'
import type { WebhookVerb } from '../command-line.ts'
import { ConfigurationError } from '../config/env.ts'
import type { Config } from '../config.ts'
import { localUrl } from '../development.ts'
import { requireAdminApi } from '../keycloak.ts'
import { EVENT_TYPES } from '../modules.ts'

const PATH = '/v1/authentication/webhook/events-synchronization'

/** Registers this service in the realm, under its public address or another one. Repeatable. */
export async function webhook(config: Config, verb: WebhookVerb, given: string | null): Promise<void> {
  const webhooks = keycloakWebhooks(requireAdminApi(config), EVENT_TYPES)
  const url = given ?? (config.http.publicUrl ?? localUrl(config)) + PATH
  const all = await webhooks.list()
  const own = all.filter((one) => one.url === url)

  if (verb === 'list') return all.forEach(print)
  if (verb === 'update' && own.length === 0)
    throw new DependencyUnavailable('identity provider', {
      cause: new Error(`there is no webhook for ${url}: create it`),
    })
  if (verb === 'delete') {
    for (const { id } of own) await webhooks.delete(id).then(() => printLine(`deleted ${id} ${url}`))
    return own.length === 0 ? printLine(`there is none for ${url}`) : undefined
  }
  const secret = secretOf(config)
  for (const { id } of own) await webhooks.update(id, url, secret).then(() => printLine(`updated ${id} ${url}`))
  if (own.length === 0) printLine(`created ${await webhooks.create(url, secret)} ${url}`)
}

const print = ({ id, isEnabled, url, eventTypes }: Webhook): void =>
  printLine(`${id} ${isEnabled ? 'enabled' : 'disabled'} ${url} ${[...eventTypes].sort().join(',')}`)

function secretOf({ keycloak }: Config): string {
  if (keycloak.webhookSecret === null) throw new ConfigurationError(['KEYCLOAK_WEBHOOK_SECRET is required'])
  return keycloak.webhookSecret
}

const printLine = (line: string): void => void process.stdout.write(`${line}\n`)

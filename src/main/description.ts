import { givesCopies } from '../infrastructures/cache/open-cache.ts'
import { nameOf as mariadbName } from '../infrastructures/store/mariadb/database-url.ts'
import { placeOf as databasePlace } from '../infrastructures/store/postgres/database-url.ts'
import type { Config } from './config.ts'
import { developmentIssuerUrl, localUrl } from './development.ts'
import { VERSION } from './version.ts'

/** Where the service listens, and what is plugged into each port of the architecture. Tells no secret. */
export function describe(config: Config): readonly string[] {
  const { host, port } = config.http
  const address = (number: number) => `http://${host.includes(':') ? `[${host}]` : host}:${number}`

  return [
    `forum ${VERSION} is ready (${config.environment})`,
    `REST: ${address(port)}/v1, documented at ${address(port)}/docs and ${address(port)}/redoc`,
    ...(config.http.publicUrl === null ? [] : [`public address: ${config.http.publicUrl}`]),
    `health: ${address(config.healthPort)}/health-check and ${address(config.healthPort)}/metrics`,
    `store: ${storeName(config.store)}`,
    `cache: ${cacheName(config)}`,
    `message queue: ${queueName(config.queue)}`,
    `identity provider: ${config.oidc.issuer ?? `the development issuer, ${developmentIssuerUrl(config)}`}`,
  ]
}

/** What the page at / leads to, besides the documentation. Health is on this machine's own address: for developers alone. */
export const homeOf = (config: Config) => ({
  healthUrl: config.environment === 'production' ? null : `${localUrl(config, config.healthPort)}/health-check`,
  tokenCommand: config.oidc.issuer === null ? 'npm run token -- alice' : null,
})

function storeName(store: Config['store']): string {
  switch (store.kind) {
    case 'memory':
      return 'memory, gone when the service ends'
    case 'sqlite':
      return `SQLite, ${store.file}`
    case 'mariadb':
      return mariadbName(store.url)
    case 'postgres':
      return `PostgreSQL, ${databasePlace(store.url)}`
  }
}

function cacheName(config: Config): string {
  switch (config.cache.kind) {
    case 'none':
      return 'none'
    case 'memory':
      return givesCopies(config) ? 'memory' : 'memory, for the rate limit alone, as others may change the store'
    case 'redis':
      return `Redis, ${placeOf(config.cache.url)}`
  }
}

function queueName(queue: Config['queue']): string {
  switch (queue.kind) {
    case 'memory':
      return 'memory, for this process alone'
    case 'nats':
      return `NATS, ${placeOf(queue.url)}`
    case 'rabbitmq':
      return `RabbitMQ, ${placeOf(queue.url)}`
  }
}

/** Without the credentials. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return host + pathname
}

import { isReadCacheEnabled } from '../infrastructures/cache/open-cache.ts'
import { sourceName } from '../infrastructures/configuration/open-settings-source.ts'
import { serverPlaces } from '../infrastructures/connection/server-urls.ts'
import { kafkaHosts } from '../infrastructures/message-queue/kafka/kafka-url.ts'
import { nameOf as mariadbName } from '../infrastructures/store/mariadb/database-url.ts'
import { parseMongodbUrl } from '../infrastructures/store/mongodb/mongodb-url.ts'
import { hostAndDatabase as databasePlace } from '../infrastructures/store/postgres/database-url.ts'
import { PRODUCT } from '../patterns/product.ts'
import type { Config } from './config.ts'
import { developmentIssuerUrl, localUrl } from './development.ts'
import { VERSION } from './version.ts'

/** The addresses of the service, and the configured adapter of each port. Contains no secret. */
export function summarize(config: Config): readonly string[] {
  const { host, port } = config.http
  const address = (number: number) => `http://${host.includes(':') ? `[${host}]` : host}:${number}`

  return [
    `${PRODUCT.service} ${VERSION} is ready (${config.environment})`,
    `REST: ${address(port)}/v1, documented at ${address(port)}/docs and ${address(port)}/redoc`,
    ...(config.http.publicUrl === null ? [] : [`public address: ${config.http.publicUrl}`]),
    ...(config.grpcPort === null ? [] : [`gRPC: ${address(config.grpcPort).replace('http://', '')}`]),
    `health: ${address(config.healthPort)}/health-check and ${address(config.healthPort)}/metrics`,
    `store: ${storeName(config.store)}`,
    `cache: ${cacheName(config)}`,
    `message queue: ${queueName(config.queue)}`,
    `identity provider: ${config.oidc.issuer ?? `the development issuer, ${developmentIssuerUrl(config)}`}`,
    `authorization: ${authorizationName(config.authorization.choice)}`,
    ...(config.configuration.choice === null ? [] : [`settings: ${sourceName(config.configuration.choice)}`]),
    ...(config.environment === 'production' ? [] : [nextStep(config)]),
  ]
}

/** The links of the page at /, besides the documentation. Health is on an address of this machine: only for developers. */
export const homeOf = (config: Config) => ({
  healthUrl: config.environment === 'production' ? null : `${localUrl(config, config.healthPort)}/health-check`,
  tokenCommand: tokenCommand(config),
})

/** What to do first. */
function nextStep(config: Config): string {
  const [page, command] = [`${config.http.publicUrl ?? localUrl(config)}/`, tokenCommand(config)]
  return `open ${page} in a browser${command === null ? '' : `, or get a token: ${command}`}`
}

/** The command that prints a valid token: the issuer depends on the address of the service, which may not be in `.env`. */
function tokenCommand({ oidc, http: { publicUrl, host, port } }: Config): string | null {
  if (oidc.issuer !== null) return null
  const settings = [
    ...(publicUrl === null && host !== '127.0.0.1' ? [`HTTP_HOST=${host}`] : []),
    ...(publicUrl === null && port !== 8080 ? [`HTTP_PORT=${port}`] : []),
    ...(publicUrl === null ? [] : [`PUBLIC_URL=${publicUrl}`]),
  ]
  return [...settings, 'npm run token -- alice'].join(' ')
}

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
    case 'mongodb':
      return `MongoDB, ${parseMongodbUrl(store.url).place}`
  }
}

function cacheName(config: Config): string {
  switch (config.cache.kind) {
    case 'none':
      return 'none'
    case 'memory':
      return isReadCacheEnabled(config)
        ? 'memory'
        : 'memory (rate limiting only: other processes may change this database)'
    case 'redis':
      return `Redis, ${serverPlaces(config.cache.url)}`
  }
}

function queueName(queue: Config['queue']): string {
  switch (queue.kind) {
    case 'memory':
      return 'memory, for this process alone'
    case 'nats':
      return `NATS, ${serverPlaces(queue.url)}`
    case 'rabbitmq':
      return `RabbitMQ, ${serverPlaces(queue.url)}`
    case 'kafka':
      return `Kafka, ${kafkaHosts(queue.url)}`
  }
}

function authorizationName(choice: Config['authorization']['choice']): string {
  switch (choice.kind) {
    case 'builtin':
      return 'built in, for owners and super admins'
    case 'openfga':
      return `OpenFGA, ${new URL(choice.url).host}`
  }
}

import type { QueueChoice } from '../infrastructures/message-queue/open-message-queue.ts'
import type { StoreChoice } from '../infrastructures/store/open-store.ts'
import { PRODUCT } from '../patterns/product.ts'
import { host, httpIssuer, networks, origin, publicUrl } from './config/addresses.ts'
import { authorizationUrl, cacheUrl, configUrl, databaseUrl, namePrefix, queueUrl } from './config/engine-urls.ts'
import { ConfigurationError, createSettingsReader, type ReadSetting, type Variables } from './config/env.ts'
import { bearer, boolean, duration, integer, listOf, oneOf, portOrOff, rateLimit, workers } from './config/parsers.ts'
import { readKeycloak, readOidc } from './provider-settings.ts'
import { readTelemetry } from './telemetry-settings.ts'

export type Config = ReturnType<typeof readConfig>

/** The settings that may change while the service runs, and their places in the configuration. Others need a restart. */
export const LIVE = {
  LOG_LEVEL: ({ log }: Config) => log.level,
  RATE_LIMIT: ({ http }: Config) => http.rateLimit,
  CORS_ORIGINS: ({ http }: Config) => http.corsOrigins,
  OUTBOX_RETENTION: ({ outboxRetentionMs }: Config) => outboxRetentionMs,
  OIDC_ALGORITHMS: ({ oidc }: Config) => oidc.algorithms,
  OTEL_TRACES_SAMPLER_ARG: ({ traceRatio }: Config) => traceRatio,
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const DAY_MS = 86_400_000

/**
 * The configuration, typed and frozen.
 *
 * @throws {ConfigurationError} with all problems at once
 */
export function readConfig(variables: Variables, isTerminal: boolean) {
  const { read, reject, problems } = createSettingsReader(variables)

  const environment = read('NODE_ENV', oneOf('development', 'test', 'production'), 'development')
  const isProduction = environment === 'production'
  const issuer = read('OIDC_ISSUER', httpIssuer(isProduction), null)
  if (isProduction && variables['OIDC_ISSUER'] === undefined)
    reject('OIDC_ISSUER is required in production, where there is no development issuer')
  const config = Object.freeze({
    environment,
    http: {
      host: read('HTTP_HOST', host, isProduction ? '0.0.0.0' : '127.0.0.1'),
      port: read('HTTP_PORT', integer(1, 65_535), 8080),
      publicUrl: read('PUBLIC_URL', publicUrl, null),
      trustedProxies: read('TRUSTED_PROXIES', networks, []),
      keepAliveMs: read('HTTP_KEEP_ALIVE', duration('1s', '1h'), 75_000),
      corsOrigins: read('CORS_ORIGINS', listOf(origin), []),
      rateLimit: read('RATE_LIMIT', rateLimit, { requests: 600, seconds: 60 }),
    },
    healthPort: read('HEALTH_PORT', integer(1, 65_535), 5000),
    workers: read('WORKERS', workers, 1),
    grpcPort: read('GRPC_PORT', portOrOff, 9090),
    log: {
      level: read('LOG_LEVEL', oneOf(...LEVELS), 'info'),
      format: read('LOG_FORMAT', oneOf('pretty', 'ecs'), isTerminal ? 'pretty' : 'ecs'),
    },
    store: read('DATABASE_URL', databaseUrl, { kind: 'sqlite', file: `./data/${PRODUCT.service}.db` } as const),
    poolSize: read('DATABASE_POOL_SIZE', integer(1, 1_000), 10),
    migrates: read('DATABASE_AUTO_MIGRATE', boolean, true),
    cache: read('CACHE_URL', cacheUrl, { kind: 'memory' } as const),
    queue: read('QUEUE_URL', queueUrl, { kind: 'memory' } as const),
    namePrefix: read('NAME_PREFIX', namePrefix, PRODUCT.namespace),
    outboxRetentionMs: read('OUTBOX_RETENTION', duration('1h', '90d'), 7 * DAY_MS),
    oidc: readOidc({ read }, issuer),
    keycloak: readKeycloak({ read, reject }, issuer, isProduction),
    authorization: readAuthorization(read),
    configuration: readConfigurationSource(read),
    ...readTelemetry(read, variables),
    shutdown: readShutdown(read, isProduction),
  })

  for (const problem of contradictionsIn(config)) reject(problem)
  if (problems.length > 0) throw new ConfigurationError(problems)
  return config
}

type Related = Readonly<{
  http: { port: number }
  healthPort: number
  grpcPort: number | null
  workers: number
  store: StoreChoice
  queue: QueueChoice
}>

/** Contradictions between settings. Several processes share no memory. */
function* contradictionsIn({ http, healthPort, grpcPort, workers, store, queue }: Related) {
  if (http.port === healthPort) yield 'HEALTH_PORT must differ from HTTP_PORT'
  if (grpcPort === http.port) yield 'GRPC_PORT must differ from HTTP_PORT'
  if (grpcPort === healthPort) yield 'GRPC_PORT must differ from HEALTH_PORT'
  if (workers === 1) return
  if (store.kind === 'memory') yield 'DATABASE_URL must name a database with WORKERS above 1, not memory:'
  if (queue.kind === 'memory') yield 'QUEUE_URL must name a queue with WORKERS above 1, not memory:'
}

const readShutdown = (read: ReadSetting, isProduction: boolean) => ({
  timeoutMs: read('SHUTDOWN_TIMEOUT', duration('0s', '30s'), 25_000),
  delayMs: read('SHUTDOWN_DELAY', duration('0s', '30s'), isProduction ? 5_000 : 0),
})

const readAuthorization = (read: ReadSetting) => ({
  choice: read('AUTHORIZATION_URL', authorizationUrl, { kind: 'builtin' } as const),
  token: read('AUTHORIZATION_TOKEN', bearer, null),
})

/** The source of settings besides the environment. */
export const readConfigurationSource = (read: ReadSetting) => ({
  choice: read('CONFIG_URL', configUrl, null),
  token: read('CONFIG_TOKEN', bearer, null),
})

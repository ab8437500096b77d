import { BadConfiguration, openSettings, type Variables } from './environment.ts'
import { databaseUrl, host, httpIssuer, origin, rateLimit } from './setting-formats.ts'
import { duration, integer, listOf, oneOf, truth } from './settings.ts'

export type Config = ReturnType<typeof readConfig>

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/**
 * The configuration, typed and frozen.
 *
 * @throws {BadConfiguration} with all problems at once
 */
export function readConfig(variables: Variables, isTerminal: boolean) {
  const { read, reject, problems } = openSettings(variables)

  const environment = read('NODE_ENV', oneOf('development', 'test', 'production'), 'development')
  const isProduction = environment === 'production'
  const issuer = read('OIDC_ISSUER', httpIssuer(isProduction), null)
  if (isProduction && variables['OIDC_ISSUER'] === undefined) {
    reject('OIDC_ISSUER is required in production, where there is no development issuer')
  }

  const config = Object.freeze({
    environment,
    http: {
      host: read('HTTP_HOST', host, isProduction ? '0.0.0.0' : '127.0.0.1'),
      port: read('HTTP_PORT', integer(1, 65_535), 8080),
      corsOrigins: read('CORS_ORIGINS', listOf(origin), []),
      rateLimit: read('RATE_LIMIT', rateLimit, { requests: 600, seconds: 60 }),
    },
    healthPort: read('HEALTH_PORT', integer(1, 65_535), 5000),
    log: {
      level: read('LOG_LEVEL', oneOf(...LEVELS), 'info'),
      format: read('LOG_FORMAT', oneOf('pretty', 'ecs'), isTerminal ? 'pretty' : 'ecs'),
    },
    store: read('DATABASE_URL', databaseUrl, { kind: 'sqlite', file: './data/forum.db' } as const),
    poolSize: read('DATABASE_POOL_SIZE', integer(1, 1_000), 10),
    migrates: read('DATABASE_AUTO_MIGRATE', truth, true),
    oidc: {
      issuer,
      audience: read('OIDC_AUDIENCE', (text) => text, 'clean-architecture'),
      algorithms: read('OIDC_ALGORITHMS', listOf(oneOf(...ALGORITHMS)), ['RS256', 'PS256', 'ES256', 'EdDSA'] as const),
    },
    shutdown: {
      timeoutMs: read('SHUTDOWN_TIMEOUT', duration(30_000), 25_000),
      delayMs: read('SHUTDOWN_DELAY', duration(30_000), isProduction ? 5_000 : 0),
    },
  })

  if (config.http.port === config.healthPort) reject('HEALTH_PORT must differ from HTTP_PORT')
  if (problems.length > 0) throw new BadConfiguration(problems)
  return config
}

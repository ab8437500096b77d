import { accessSync, appendFileSync, constants } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

const { TEST_POSTGRES_URL, TEST_MARIADB_URL, TEST_MYSQL_URL, TEST_MONGODB_URL, TEST_REDIS_URL } = process.env
const { TEST_NATS_URL, TEST_AMQP_URL, TEST_KAFKA_URL, TEST_KEYCLOAK_URL, TEST_OPENFGA_URL, TEST_CONSUL_URL } =
  process.env
const { TEST_OTEL_URL, TEST_OTEL_TRACES } = process.env
const { CHROMIUM_PATH, GRPCURL_PATH, SCHEMATHESIS_PATH, PATH = '', ENGINES_SEEN } = process.env

/** A database of its own for the tests on a real PostgreSQL (15 or later), or null when there is none. */
export const postgresUrl: string | null = TEST_POSTGRES_URL?.trim() || null

/** A database of its own for the tests on a real MariaDB (10.6 or later), or null when there is none. */
export const mariadbUrl: string | null = TEST_MARIADB_URL?.trim() || null

/** The same on a real MySQL (8.0 or later). */
export const mysqlUrl: string | null = TEST_MYSQL_URL?.trim() || null

/** A MongoDB with transactions, or a server of its protocol, that belongs to the tests, or null when there is none. */
export const mongodbUrl: string | null = TEST_MONGODB_URL?.trim() || null

/** A Redis or Valkey that belongs to the tests, or null when there is none. */
export const redisUrl: string | null = TEST_REDIS_URL?.trim() || null

/** A NATS server with JetStream (2.9 or later) that belongs to the tests, or null when there is none. */
export const natsUrl: string | null = TEST_NATS_URL?.trim() || null

/** A RabbitMQ (3.10 or later) that belongs to the tests, or null when there is none. */
export const amqpUrl: string | null = TEST_AMQP_URL?.trim() || null

/** An Apache Kafka (4.0 or later) that belongs to the tests, or null when there is none. */
export const kafkaUrl: string | null = TEST_KAFKA_URL?.trim() || null

/** A Keycloak with keycloak-events and the realm of the tests, or null when there is none. */
export const keycloakUrl: string | null = TEST_KEYCLOAK_URL?.trim() || null

/** An OpenFGA that belongs to the tests, or null when there is none. */
export const openFgaUrl: string | null = TEST_OPENFGA_URL?.trim().replace(/^http/, 'openfga') || null

/** A Consul that belongs to the tests, or null when there is none. */
export const consulUrl: string | null = TEST_CONSUL_URL?.trim() || null

/** A collector of OpenTelemetry, and the files to which it writes the traces and, beside them, the metrics that it gets, or null. */
export const collector: Readonly<{ url: string; traces: string; metrics: string }> | null =
  TEST_OTEL_URL && TEST_OTEL_TRACES
    ? { url: TEST_OTEL_URL, traces: TEST_OTEL_TRACES, metrics: join(dirname(TEST_OTEL_TRACES), 'metrics.jsonl') }
    : null

/** A Chromium that Playwright can drive, or null when there is none. */
export const chromiumPath: string | null =
  CHROMIUM_PATH?.trim() || findOnPath('chromium', 'chromium-browser', 'google-chrome')

/** Programs that suites start by themselves, or null where they are not installed. */
export const programs = {
  pgbouncer: findOnPath('pgbouncer'),
  nginx: findOnPath('nginx'),
  haproxy: findOnPath('haproxy'),
  'nats-server': findOnPath('nats-server'),
  'redis-server': findOnPath('redis-server'),
  grpcurl: GRPCURL_PATH?.trim() || findOnPath('grpcurl'),
  schemathesis: SCHEMATHESIS_PATH?.trim() || findOnPath('schemathesis'),
} satisfies Record<string, string | null>

/** Each engine the tests know, and why it is missing; null when it is here. */
export const missing = {
  memory: null,
  sqlite: null,
  pglite: null,
  postgres: postgresUrl ? null : 'TEST_POSTGRES_URL is not set (scripts/engines starts a server)',
  mariadb: mariadbUrl ? null : 'TEST_MARIADB_URL is not set (scripts/engines starts a server)',
  mysql: mysqlUrl ? null : 'TEST_MYSQL_URL is not set (scripts/engines starts a server)',
  mongodb: mongodbUrl ? null : 'TEST_MONGODB_URL is not set (scripts/engines starts a server)',
  redis: redisUrl ? null : 'TEST_REDIS_URL is not set (scripts/engines starts a server)',
  nats: natsUrl ? null : 'TEST_NATS_URL is not set (scripts/engines starts a server)',
  rabbitmq: amqpUrl ? null : 'TEST_AMQP_URL is not set (scripts/engines starts a server)',
  kafka: kafkaUrl ? null : 'TEST_KAFKA_URL is not set (scripts/engines starts a server)',
  keycloak: keycloakUrl ? null : 'TEST_KEYCLOAK_URL is not set (scripts/engines starts a server)',
  openfga: openFgaUrl ? null : 'TEST_OPENFGA_URL is not set (scripts/engines starts a server)',
  consul: consulUrl ? null : 'TEST_CONSUL_URL is not set (scripts/engines starts a server)',
  otel: collector ? null : 'TEST_OTEL_URL and TEST_OTEL_TRACES are not set (scripts/engines starts a collector)',
  pgbouncer: programs.pgbouncer ? null : 'no pgbouncer on PATH (scripts/engines installs it)',
  nginx: programs.nginx ? null : 'no nginx on PATH (scripts/engines installs it)',
  haproxy: programs.haproxy ? null : 'no haproxy on PATH (scripts/engines installs it)',
  grpcurl: programs.grpcurl ? null : 'no grpcurl on PATH, and GRPCURL_PATH is not set (scripts/engines installs it)',
  schemathesis: programs.schemathesis ? null : 'no schemathesis on PATH, and SCHEMATHESIS_PATH is not set',
  chromium: chromiumPath ? null : 'no chromium on PATH, and CHROMIUM_PATH is not set',
} satisfies Record<string, string | null>

export type Engine = keyof typeof missing

/**
 * For the `skip` option of node:test: the reason to skip a suite that needs `engine`, or false.
 * Every suite that needs an engine asks, also for those that are always here: `npm test` reports who was asked for.
 * `own` is asked for by a suite that starts a server itself.
 */
export function skipWithout(engine: Engine, whose: 'shared' | 'own' = 'shared'): string | false {
  if (ENGINES_SEEN) appendFileSync(ENGINES_SEEN, `${[engine, whose, process.argv[1]].join('\t')}\n`)
  return missing[engine] ?? false
}

function findOnPath(...names: string[]): string | null {
  const folders = [...PATH.split(delimiter), '/usr/sbin'] // where some packages put their server, and only root looks
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return candidates.find(isExecutable) ?? null
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

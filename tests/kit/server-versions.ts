import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { apiVersionsV4, Connection } from '@platformatic/kafka'
import { connect as connectToRabbitmq } from 'amqplib'
import { Client } from 'pg'
import { createClient } from 'redis'
import {
  amqpUrl,
  chromiumPath,
  consulUrl,
  type Engine,
  kafkaUrl,
  mariadbUrl,
  mongodbUrl,
  mysqlUrl,
  natsUrl,
  postgresUrl,
  programs,
  redisUrl,
} from './engines.ts'
import { withMariadb } from './fresh-mariadb.ts'
import { mongodbDatabase } from './fresh-mongodb.ts'
import { keycloakVersion } from './keycloak.ts'

const VERSION = /\d+(?:\.\w+)+/

/** The product that an engine of the tests is, and the version that it reports, as `NATS 2.9.10`. Some report none. */
const REPORTS: Readonly<Record<Engine, () => Promise<string>>> = {
  memory: async () => 'memory',
  sqlite: async () => `SQLite ${process.versions['sqlite']}`,
  pglite: async () => reportOfPackage('PGlite', '@electric-sql/pglite'),
  postgres: () => reportOfPostgres(postgresUrl ?? ''),
  mariadb: () => reportOfMariadb(mariadbUrl ?? ''),
  mysql: () => reportOfMariadb(mysqlUrl ?? ''),
  mongodb: () => reportOfMongodb(mongodbUrl ?? ''),
  redis: () => reportOfRedis(redisUrl ?? ''),
  nats: () => reportOfNats(new URL(natsUrl ?? '')),
  rabbitmq: () => reportOfRabbitmq(amqpUrl ?? ''),
  kafka: () => reportOfKafka(new URL(kafkaUrl ?? '')),
  keycloak: async () => `Keycloak ${await keycloakVersion()}`,
  openfga: async () => 'OpenFGA',
  consul: () => reportOfConsul(new URL(consulUrl ?? '')),
  otel: async () => 'OpenTelemetry Collector',
  pgbouncer: () => reportOfProgram('PgBouncer', programs.pgbouncer, '--version'),
  nginx: () => reportOfProgram('nginx', programs.nginx, '-v'),
  haproxy: () => reportOfProgram('HAProxy', programs.haproxy, '-v'),
  grpcurl: async () => 'grpcurl',
  schemathesis: () => reportOfProgram('Schemathesis', programs.schemathesis, '--version'),
  chromium: () => reportOfProgram('Chromium', chromiumPath, '--version'),
}

/** What an engine that is not missing reports of itself. */
export const reportOf = (engine: Engine): Promise<string> => REPORTS[engine]()

function reportOfPackage(product: string, name: string): string {
  const text = readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')
  return `${product} ${JSON.parse(text).version}`
}

async function reportOfPostgres(url: string): Promise<string> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query('show server_version')
  await client.end()
  return `PostgreSQL ${versionIn(rows[0].server_version)}`
}

export const reportOfMariadb = (url: string): Promise<string> =>
  withMariadb(url, async (query) => {
    const [row] = (await query('select version() as version')) as readonly { version: string }[]
    return `${row?.version.includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${versionIn(row?.version)}`
  })

export const reportOfMongodb = (url: string): Promise<string> =>
  mongodbDatabase(url).with(async (db) => {
    const { version, secantusVersion } = await db.command({ buildInfo: 1 })
    return secantusVersion === undefined ? `MongoDB ${version}` : `SecantusDB ${secantusVersion}`
  })

async function reportOfRedis(url: string): Promise<string> {
  const client = await createClient({ url }).connect()
  const info = await client.info('server')
  client.destroy()
  const [, valkey] = /^valkey_version:(\S+)/m.exec(info) ?? []
  return valkey ? `Valkey ${valkey}` : `Redis ${/^redis_version:(\S+)/m.exec(info)?.[1]}`
}

/** It greets with it. */
async function reportOfNats({ hostname, port }: URL): Promise<string> {
  const socket = connect(Number(port), hostname)
  const [greeting] = await once(socket, 'data')
  socket.destroy()
  return `NATS ${/"version":"([^"]+)"/.exec(String(greeting))?.[1]}`
}

async function reportOfRabbitmq(url: string): Promise<string> {
  const model = await connectToRabbitmq(url)
  const { version } = model.connection.serverProperties
  await model.close()
  return `RabbitMQ ${version}`
}

/** A broker reports no version, but the level of the features that its release brought. */
async function reportOfKafka({ hostname, port }: URL): Promise<string> {
  const connection = new Connection('tests')
  await connection.connect(hostname, Number(port))
  const { finalizedFeatures } = await apiVersionsV4.api.async(connection, 'tests', '1.0')
  await connection.close()
  const level = finalizedFeatures?.find(({ name }) => name === 'metadata.version')?.maxVersionLevel
  return `Kafka, metadata.version ${level}`
}

async function reportOfConsul({ host }: URL): Promise<string> {
  const response = await fetch(`http://${host}/v1/agent/self`)
  const { Config } = (await response.json()) as { Config: { Version: string } }
  return `Consul ${Config.Version}`
}

async function reportOfProgram(product: string, path: string | null, option: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(path ?? product, [option])
  return `${product} ${versionIn(stdout + stderr)}`
}

const versionIn = (text: string | undefined): string | undefined => VERSION.exec(text ?? '')?.[0]

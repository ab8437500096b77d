import { readFileSync } from 'node:fs'
import type { Rule } from './rules.ts'
import type { SourceFile, Target } from './source-file.ts'

/** What each layer may import beside itself, and the layers within the domain likewise. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ['controllers', 'infrastructures', 'domains', 'patterns', 'development'],
  controllers: ['domains', 'patterns'],
  infrastructures: ['domains', 'patterns'],
  domains: ['patterns'],
  patterns: [],
  development: ['domains', 'patterns'],
}
const DOMAIN_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  services: ['usecases', 'ports', 'events', 'entities', 'errors', 'patterns'],
  usecases: ['ports', 'events', 'entities', 'errors', 'patterns'],
  ports: ['events', 'entities', 'errors'],
  events: ['entities'],
  entities: ['errors', 'patterns'],
  errors: [],
}

/** Where each package may be used. One that is not here has no home yet, and may be used nowhere. */
const HTTP = /^controllers\/http\//
const TOKENS = /^(?:infrastructures\/authentication|development\/issuer)\//
const TELEMETRY = /^infrastructures\/telemetry\//
const OPENTELEMETRY = /^infrastructures\/telemetry\/opentelemetry\//
const NATS = /^infrastructures\/message-queue\/nats\//
const GRPC = /^controllers\/grpc\//
const HOMES: Readonly<Record<string, RegExp>> = {
  fastify: HTTP,
  '@fastify/cors': HTTP,
  '@fastify/swagger': HTTP,
  '@fastify/swagger-ui': HTTP,
  '@fastify/type-provider-typebox': HTTP,
  typebox: HTTP,
  ajv: HTTP,
  'ajv-formats': HTTP,
  '@grpc/grpc-js': GRPC,
  '@grpc/proto-loader': GRPC,
  '@grpc/reflection': GRPC,
  'grpc-health-check': GRPC,
  jose: TOKENS,
  'oidc-provider': /^development\/issuer\//,
  '@opentelemetry/api': OPENTELEMETRY,
  '@opentelemetry/exporter-metrics-otlp-http': OPENTELEMETRY,
  '@opentelemetry/exporter-trace-otlp-http': OPENTELEMETRY,
  '@opentelemetry/exporter-trace-otlp-proto': OPENTELEMETRY,
  '@opentelemetry/resources': OPENTELEMETRY,
  '@opentelemetry/sdk-metrics': OPENTELEMETRY,
  '@opentelemetry/sdk-trace': OPENTELEMETRY,
  pino: TELEMETRY,
  'pino-pretty': TELEMETRY,
  redis: /^infrastructures\/cache\/redis\//,
  mariadb: /^infrastructures\/store\/mariadb\//,
  pg: /^infrastructures\/store\/postgres\//,
  mongodb: /^infrastructures\/store\/mongodb\//,
  'node:sqlite': /^infrastructures\/store\/sqlite\//,
  amqplib: /^infrastructures\/message-queue\/rabbitmq\//,
  '@platformatic/kafka': /^infrastructures\/message-queue\/kafka\//,
  '@nats-io/transport-node': NATS,
  '@nats-io/jetstream': NATS,
  yaml: /^infrastructures\/configuration\/file\//,
  'lru-cache': /^(?:infrastructures|development)\//,
}

/** What `npm ci --omit=dev` leaves. */
const { dependencies: INSTALLED } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** Files that production never loads, nor has: an issuer that it refuses. */
const DEVELOPMENT = /^development\//

/** The one file that may load them. It asks first whether this is production. */
const GATE = 'main/development.ts'

/** What the technologies of one ability have in common, and thus itself none. */
const COMMON_GROUND = ['infrastructures/store/sql']

export const importRules = {
  'imports point downwards': ({ path, targets }) => {
    const from = layerOf(path)
    return files(targets)
      .map((target) => layerOf(target.path))
      .filter((to) => to !== from && !MAY_IMPORT[from]?.includes(to))
      .map((to) => `imports ${to}`)
  },

  'imports within the domain point downwards': ({ path, targets }) => {
    if (!path.startsWith('domains/')) return []
    const from = domainLayerOf(path)
    const allowed = DOMAIN_MAY_IMPORT[from]
    if (allowed === undefined) return [`lies in no layer of the domain`]
    return files(targets)
      .map((target) => domainLayerOf(target.path))
      .filter((to) => to !== from && !allowed.includes(to))
      .map((to) => `imports ${to}`)
  },

  'imports can be read and stay in the house': ({ targets }) =>
    targets.flatMap((target) => (target.kind === 'elsewhere' ? [`imports ${target.from}`] : [])),

  'the core stands on nothing': ({ path, targets }) =>
    isCore(path) ? packages(targets).map(({ name }) => `imports ${name}`) : [],

  'each package has a home': ({ path, targets }) =>
    packages(targets)
      .filter(({ name }) => (name in HOMES ? !HOMES[name]?.test(path) : !name.startsWith('node:')))
      .map(({ name }) => `imports ${name}`),

  'production needs no development dependency': ({ path, targets }) =>
    packages(targets)
      .filter(({ name, isType }) => !isType && !name.startsWith('node:') && !(name in INSTALLED))
      .filter(() => !DEVELOPMENT.test(path))
      .map(({ name }) => `imports ${name}`),

  'production cannot load what is there for development': ({ path, targets }) =>
    DEVELOPMENT.test(path) || path === GATE
      ? []
      : files(targets)
          .filter((target) => DEVELOPMENT.test(target.path))
          .map((target) => `imports ${target.path}`),

  'technologies do not know each other': ({ path, targets }) =>
    files(targets)
      .filter((target) => ![null, technologyOf(path)].includes(technologyOf(target.path)))
      .filter(() => technologyOf(path) !== null || isCommonGround(path))
      .map((target) => `imports ${target.path}`),
} satisfies Record<string, Rule>

export const isCore = (path: string): boolean => /^(domains|patterns)\//.test(path)

const layerOf = (path: string): string => (path === 'main.ts' ? 'main' : (path.split('/')[0] ?? ''))

const domainLayerOf = (path: string): string => path.split('/')[path.startsWith('domains/') ? 1 : 0] ?? ''

const isCommonGround = (path: string): boolean => COMMON_GROUND.some((folder) => path.startsWith(`${folder}/`))

/** `infrastructures/store/postgres` of anything in there. */
function technologyOf(path: string): string | null {
  const [technology] = /^infrastructures\/[^/]+\/[^/]+(?=\/)/.exec(path) ?? []
  return technology === undefined || isCommonGround(path) ? null : technology
}

const files = (targets: SourceFile['targets']) => targets.filter((target) => target.kind === 'file')
const packages = (targets: readonly Target[]) => targets.filter((target) => target.kind === 'package')

import cluster from 'node:cluster'
import type { QueueChoice } from '../infrastructures/message-queue/open-message-queue.ts'
import type { StoreChoice } from '../infrastructures/store/open-store.ts'
import { openTracing, type Tracing } from '../infrastructures/telemetry/tracing.ts'
import { PRODUCT } from '../patterns/product.ts'
import type { SettingsInUse } from './settings/settings.ts'
import { VERSION } from './version.ts'

/** Traces of what this process does for its callers; null where no endpoint is set, or its workers answer them. */
export async function openConfiguredTracing({ config, live }: SettingsInUse): Promise<Tracing | null> {
  if (config.tracing === null || (config.workers > 1 && cluster.isPrimary)) return null
  return openTracing({
    service: PRODUCT.service,
    version: VERSION,
    ...config.tracing,
    ratio: live.OTEL_TRACES_SAMPLER_ARG,
  })
}

const SYSTEMS = {
  memory: 'in_memory',
  sqlite: 'sqlite',
  postgres: 'postgresql',
  mariadb: 'mariadb',
  mongodb: 'mongodb',
}

/** What the semantic conventions call the database. */
export const databaseSystem = (store: StoreChoice): string =>
  store.kind === 'mariadb' && store.url.startsWith('mysql') ? 'mysql' : SYSTEMS[store.kind]

/** What the semantic conventions call the queue. */
export const messagingSystem = ({ kind }: QueueChoice): string => (kind === 'memory' ? 'in_memory' : kind)

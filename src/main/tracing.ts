import cluster from 'node:cluster'
import type { QueueChoice } from '../infrastructures/message-queue/open-message-queue.ts'
import type { StoreChoice } from '../infrastructures/store/open-store.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { openTracing, type Tracing } from '../infrastructures/telemetry/tracing.ts'
import { PRODUCT } from '../patterns/product.ts'
import type { Variables } from './config/env.ts'
import { createOutageLog } from './log-warning.ts'
import type { SettingsInUse } from './settings/settings.ts'
import { VERSION } from './version.ts'

/** Traces of what this process does for its callers; null where no endpoint is set, or its workers answer them. */
export async function openConfiguredTracing(
  { config, live }: SettingsInUse,
  variables: Variables,
): Promise<Tracing | null> {
  if (config.tracing === null || (config.workers > 1 && cluster.isPrimary)) return null
  // The exporter reads what it needs from the process: headers, time-outs, certificates.
  for (const [name, value] of Object.entries(variables)) if (name.startsWith('OTEL_')) process.env[name] ??= value
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

/** Lets the log say when the collector takes no traces, and when it does again. */
export function logExports(tracing: Tracing | null, logger: Logger): void {
  const { warn: onFailure, resolve: onSuccess } = createOutageLog(logger, {
    textOf: (cause) => `traces are lost, as the collector does not take them: ${cause}`,
    restored: 'the collector takes traces again',
  })
  tracing?.report({ onFailure, onSuccess })
}

import type { Store } from '../domains/ports/store.ts'
import type { Cache } from '../infrastructures/cache/cache.ts'
import { cachedStore } from '../infrastructures/cache/cached-store.ts'
import { isReadCacheEnabled, openCache } from '../infrastructures/cache/open-cache.ts'
import { openMessageQueue } from '../infrastructures/message-queue/open-message-queue.ts'
import { FORUM } from '../infrastructures/store/aggregates/forum.ts'
import type { StoreOf } from '../infrastructures/store/create-store.ts'
import { meteredDriver } from '../infrastructures/store/metered-driver.ts'
import { openStore } from '../infrastructures/store/open-store.ts'
import { tracedDriver } from '../infrastructures/store/traced-driver.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { CONSUMER_TOPICS, consumerNames, openConfiguredAuthorization } from './authorization.ts'
import type { Config } from './config.ts'
import { createOutageLog, logWarning } from './log-warning.ts'
import { hostAndSetting, withSetting } from './server-names.ts'
import type { Telemetry } from './telemetry.ts'
import { databaseSystem } from './tracing.ts'
import { VERSION } from './version.ts'

/** Opens the configured adapters: the database, the cache, the message queue, and the authorization. */
export async function openAdapters(config: Config, logger: Logger, { tracer, durations }: Telemetry) {
  await using building = new AsyncDisposableStack()
  const opened = building.adopt(await openStore(config.store, storeOptions(config, logger)), (open) => open.close())
  const metered = meteredDriver(opened, durations.statement)
  const driver = tracer === null ? metered : tracedDriver(metered, tracer, databaseSystem(config.store))
  const cache = building.adopt(
    await withSetting('CACHE_URL', config.cache, () => openCache(config.cache, cacheOptions(config, logger))),
    (open) => open.close(),
  )
  const queue = building.adopt(
    await withSetting('QUEUE_URL', config.queue, () => openMessageQueue(config.queue, queueOptions(config, logger))),
    (open) => open.close(),
  )

  const permissions = await openConfiguredAuthorization(config, logger)

  const resources = building.move()
  return { driver, cache, queue, permissions, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

/** Reads aggregates by id through the cache, if it can stay up to date. */
export const withReadCache = (store: StoreOf<typeof FORUM>, cache: Cache, config: Config): Store =>
  isReadCacheEnabled(config) ? cachedStore(store, FORUM, cache) : store

const storeOptions = ({ migrates, poolSize }: Config, logger: Logger) => ({
  aggregates: FORUM.aggregates,
  migrates,
  poolSize,
  onIdleError: logWarning(logger, 'an idle database connection was lost'),
  onPooler: () =>
    logger.info('the database is behind a connection pooler: sessions keep no state (docs/postgresql.md)'),
})

function cacheOptions({ cache, namePrefix }: Config, logger: Logger) {
  const server = hostAndSetting('CACHE_URL', cache)
  const outage = createOutageLog(logger, {
    textOf: (cause) =>
      `the cache does not answer, everything is read from the database: waiting for ${server}: ${cause}`,
    restored: 'the cache answers again',
  })
  return {
    namespace: namePrefix,
    release: VERSION,
    onDisconnected: outage.warn,
    onConnectFailed: outage.warn,
    onReconnected: outage.resolve,
  }
}

function queueOptions(config: Config, logger: Logger) {
  const { queue, outboxRetentionMs } = config
  const server = hostAndSetting('QUEUE_URL', queue)
  const outage = createOutageLog(logger, {
    textOf: (cause) => `waiting for the message queue at ${server}: ${cause}`,
    restored: 'the message queue answers again',
  })
  return {
    namespace: config.namePrefix,
    consumers: consumerNames(config),
    topics: CONSUMER_TOPICS,
    retentionMs: outboxRetentionMs,
    ackAfterHandling: true,
    onError: logWarning(logger, 'a consumer of the message queue failed'),
    onDisconnected: outage.warn,
    onReconnected: outage.resolve,
  }
}

import type { Store } from '../domains/ports/store.ts'
import type { Cache } from '../infrastructures/cache/cache.ts'
import { cachedStore } from '../infrastructures/cache/cached-store.ts'
import { givesCopies, openCache } from '../infrastructures/cache/open-cache.ts'
import { openMessageQueue } from '../infrastructures/message-queue/open-message-queue.ts'
import { FORUM } from '../infrastructures/store/aggregates/forum.ts'
import type { StoreOf } from '../infrastructures/store/create-store.ts'
import { openStore } from '../infrastructures/store/open-store.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { PRODUCT } from '../patterns/product.ts'
import { consumerNames, openConfiguredAuthorization } from './authorization.ts'
import type { Config } from './config.ts'
import { naming, placeOf } from './server-names.ts'
import { VERSION } from './version.ts'
import { outageWarning, warning } from './warning.ts'

/** Opens what is chosen by settings: the database, the cache, the message queue, and what decides about permissions. */
export async function openParts(config: Config, logger: Logger) {
  await using building = new AsyncDisposableStack()
  const driver = building.adopt(await openStore(config.store, storeOptions(config, logger)), (open) => open.close())
  const cache = building.adopt(
    await naming('CACHE_URL', config.cache, () => openCache(config.cache, cacheOptions(config, logger))),
    (open) => open.close(),
  )
  const queue = building.adopt(
    await naming('QUEUE_URL', config.queue, () => openMessageQueue(config.queue, queueOptions(config, logger))),
    (open) => open.close(),
  )

  const permissions = await openConfiguredAuthorization(config, logger)

  const resources = building.move()
  return { driver, cache, queue, permissions, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

/** Reads single things through the cache, where its copies can be right. */
export const withCopies = (store: StoreOf<typeof FORUM>, cache: Cache, config: Config): Store =>
  givesCopies(config) ? cachedStore(store, FORUM, cache) : store

const storeOptions = ({ migrates, poolSize }: Config, logger: Logger) => ({
  aggregates: FORUM.aggregates,
  migrates,
  poolSize,
  onIdleError: warning(logger, 'an idle database connection was lost'),
  onPooler: () =>
    logger.info('the database is behind a connection pooler: no session is relied on (docs/postgresql.md)'),
})

function cacheOptions({ cache }: Config, logger: Logger) {
  const place = placeOf('CACHE_URL', cache)
  const outage = outageWarning(logger, {
    textOf: (cause) =>
      `the cache does not answer, everything is read from the database: waiting for ${place}: ${cause}`,
    restored: 'the cache answers again',
  })
  return { release: VERSION, onLost: outage.tell, onUnreachable: outage.tell, onRestored: outage.end }
}

function queueOptions(config: Config, logger: Logger) {
  const { queue, outboxRetentionMs } = config
  const place = placeOf('QUEUE_URL', queue)
  const outage = outageWarning(logger, {
    textOf: (cause) => `waiting for the message queue at ${place}: ${cause}`,
    restored: 'the message queue answers again',
  })
  return {
    namespace: PRODUCT.namespace,
    consumers: consumerNames(config),
    retentionMs: outboxRetentionMs,
    confirmsHandled: true,
    onTrouble: warning(logger, 'a consumer of the message queue was lost'),
    onLost: outage.tell,
    onRestored: outage.end,
  }
}

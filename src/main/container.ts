import { consumeEvents } from '../controllers/events/consume-events.ts'
import { createLoadShedder } from '../controllers/http/load/load-shedder.ts'
import { createAccountGuard } from '../domains/services/account-guard.ts'
import { subjectIds } from '../infrastructures/authentication/subject-ids.ts'
import { uuidV7 } from '../infrastructures/identifiers/uuid-v7.ts'
import { FORUM } from '../infrastructures/store/aggregates/forum.ts'
import { createStore } from '../infrastructures/store/create-store.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import type { Tracer } from '../patterns/tracing.ts'
import { openAdapters, withReadCache } from './adapters.ts'
import { permissionConsumers } from './authorization.ts'
import { createGrpc } from './grpc.ts'
import { createHttp } from './http.ts'
import { openIdentity } from './identity.ts'
import { logWarning } from './log-warning.ts'
import { createModules } from './modules.ts'
import { monitoringOf } from './monitoring.ts'
import { startPruningJob, startRelay } from './outbox-jobs.ts'
import { overloadEvents } from './overload.ts'
import { startReconciling } from './reconciling.ts'
import type { SettingsInUse } from './settings/settings.ts'
import { sleep } from './sleep.ts'
import { createTelemetry } from './telemetry.ts'

const now = () => new Date()

/** Builds the whole application, inside out. Disposing it closes everything in reverse order. */
export async function createContainer(settings: SettingsInUse, logger: Logger, tracer: Tracer | null = null) {
  const { config, live } = settings
  await using building = new AsyncDisposableStack()
  const telemetry = createTelemetry(config, tracer)
  const { durations, tracing } = telemetry

  // infrastructures
  const { driver, cache, queue, permissions } = building.use(await openAdapters(config, logger, telemetry))
  const identity = building.use(await openIdentity(settings, logger))
  const relay = building.adopt(startRelay(driver, queue, logger, tracing), (running) => running.stop())
  building.adopt(startPruningJob(driver, live.OUTBOX_RETENTION, logger), (running) => running.stop())
  const uncached = createStore(driver, FORUM, {
    onCommit: relay.wake,
    ...(tracer && { traceparent: tracer.traceparent }),
  })
  const store = withReadCache(uncached, cache, config)

  // domains and controllers
  building.adopt(startReconciling(store, config, logger), (running) => running.stop())
  const modules = createModules({
    ...{ store, accounts: createAccountGuard({ store, now }), authorization: permissions.authorization },
    ...{ now, newId: uuidV7, sleep },
    logWarning: (text) => logWarning(logger, text),
    idOf: subjectIds(identity.issuer),
    webhook: { secret: config.keycloak.webhookSecret, realm: config.keycloak.realm },
  })
  const consumers = [...modules.consumers, ...permissionConsumers(permissions, uncached)]
  const onError = logWarning(logger, 'a consumer did not handle a message')
  const reports = { onError, onHandled: durations.handler, tracing }
  const consuming = await consumeEvents({ queue, inbox: store.inbox, consumers, ...reports })
  const eventConsumer = building.adopt(consuming, (subscription) => subscription.stop())
  const shedder = createLoadShedder(overloadEvents(logger))
  const shared = { identity, count: cache.count, telemetry }
  const http = await createHttp(settings, logger, { modules: modules.http, ...shared, shedder })

  const events = () => ({ ...relay.stats, ...eventConsumer.stats })
  const parts = { driver, cache, queue, permissions, durations, identity: identity.provider }
  const health = monitoringOf({ ...parts, events, load: shedder.stats })
  const grpc = createGrpc(settings, logger, { services: modules.grpc, ...shared, ...health })
  building.defer(() => closeTogether(http, grpc))
  const resources = building.move()
  return { http, grpc, ...health, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

/** Both at once: requests over one are still answered while the other closes. */
const closeTogether = async (...servers: readonly Readonly<{ close: () => Promise<unknown> }>[]): Promise<void> =>
  void (await Promise.all(servers.map((server) => server.close())))

export type Container = Awaited<ReturnType<typeof createContainer>>

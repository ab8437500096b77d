import { consumeEvents } from '../controllers/events/consume-events.ts'
import { createLoadShedder } from '../controllers/http/load/load-shedder.ts'
import { createHttpServer } from '../controllers/http/server.ts'
import { createAccountGuard } from '../domains/services/account-guard.ts'
import { subjectIds } from '../infrastructures/authentication/subject-ids.ts'
import { uuidV7 } from '../infrastructures/identifiers/uuid-v7.ts'
import { FORUM } from '../infrastructures/store/aggregates/forum.ts'
import { createStore } from '../infrastructures/store/create-store.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { requestLine } from '../infrastructures/telemetry/request-line.ts'
import { terminalLine } from '../infrastructures/telemetry/terminal-line.ts'
import { openAdapters, withReadCache } from './adapters.ts'
import { permissionConsumers } from './authorization.ts'
import { createGrpc } from './grpc.ts'
import { openIdentity } from './identity.ts'
import { logWarning } from './log-warning.ts'
import { createModules } from './modules.ts'
import { monitoringOf } from './monitoring.ts'
import { startPruningJob, startRelay } from './outbox-jobs.ts'
import { overloadEvents } from './overload.ts'
import { startReconciling } from './reconciling.ts'
import type { SettingsInUse } from './settings/settings.ts'
import { sleep } from './sleep.ts'
import { homeOf } from './startup-summary.ts'
import { VERSION } from './version.ts'

const now = () => new Date()

/** Builds the whole application, inside out. Disposing it closes everything in reverse order. */
export async function createContainer(settings: SettingsInUse, logger: Logger) {
  const { config, live } = settings
  await using building = new AsyncDisposableStack()

  // infrastructures
  const { driver, cache, queue, permissions } = building.use(await openAdapters(config, logger))
  const { provider, issuer, rawHandlers, signIn } = building.use(await openIdentity(settings, logger))
  const relay = building.adopt(startRelay(driver, queue, logger), (running) => running.stop())
  building.adopt(startPruningJob(driver, live.OUTBOX_RETENTION, logger), (running) => running.stop())
  const kept = createStore(driver, FORUM, { onCommit: relay.wake })
  const store = withReadCache(kept, cache, config)

  // domains and controllers
  building.adopt(startReconciling(store, config, logger), (running) => running.stop())
  const modules = createModules({
    ...{ store, accounts: createAccountGuard({ store, now }), authorization: permissions.authorization },
    ...{ now, newId: uuidV7, sleep },
    logWarning: (text) => logWarning(logger, text),
    idOf: subjectIds(issuer),
    webhook: { secret: config.keycloak.webhookSecret, realm: config.keycloak.realm },
  })
  const shedder = createLoadShedder(overloadEvents(logger))
  const consumers = [...modules.consumers, ...permissionConsumers(permissions, kept)]
  const onError = logWarning(logger, 'a consumer did not handle a message')
  const eventConsumer = await consumeEvents({ queue, inbox: store.inbox, consumers, onError })
  building.adopt(eventConsumer, (subscription) => subscription.stop())
  const shared = { identity: provider, count: cache.count }
  const http = await createHttpServer({
    modules: modules.http,
    ...httpSettings(settings),
    ...shared,
    ...{ rawHandlers, docs: { version: VERSION, signIn, ...homeOf(config) } },
    log: (config.log.format === 'pretty' ? terminalLine : requestLine)(logger),
    shedder,
  })
  http.addHook('onListen', async () => provider.start({ sleep, random: Math.random }))

  const events = () => ({ ...relay.stats, ...eventConsumer.stats })
  const health = monitoringOf({ driver, cache, queue, permissions, identity: provider, events, load: shedder.stats })
  const grpc = createGrpc(settings, logger, { services: modules.grpc, ...shared, ...health })
  building.defer(() => closeTogether(http, grpc))
  const resources = building.move()
  return { http, grpc, ...health, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

/** Where no page of another origin may call and none ever will, nobody asks. */
function httpSettings({ config: { http, configuration }, live }: SettingsInUse) {
  const isOpen = http.corsOrigins.length > 0 || configuration.choice !== null
  return { ...http, rateLimit: live.RATE_LIMIT, corsOrigins: isOpen ? live.CORS_ORIGINS : null }
}

/** Those who call over one are answered while the other closes. */
const closeTogether = async (...servers: readonly Readonly<{ close: () => Promise<unknown> }>[]): Promise<void> =>
  void (await Promise.all(servers.map((server) => server.close())))

export type Container = Awaited<ReturnType<typeof createContainer>>

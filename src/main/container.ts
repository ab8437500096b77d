import { consumeEvents } from '../controllers/events/consume-events.ts'
import { createLoadShedder } from '../controllers/http/load/load-shedder.ts'
import { createHttpServer } from '../controllers/http/server.ts'
import { createMembership } from '../domains/services/membership.ts'
import { subjectIds } from '../infrastructures/authentication/subject-ids.ts'
import { uuidV7 } from '../infrastructures/identifiers/uuid-v7.ts'
import { FORUM } from '../infrastructures/store/aggregates/forum.ts'
import { createStore } from '../infrastructures/store/create-store.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { requestLine } from '../infrastructures/telemetry/request-line.ts'
import { terminalLine } from '../infrastructures/telemetry/terminal-line.ts'
import { permissionConsumers } from './authorization.ts'
import type { Config } from './config.ts'
import { homeOf } from './description.ts'
import { startCleaning, startRelay } from './events.ts'
import { createGrpc } from './grpc.ts'
import { openIdentity } from './identity.ts'
import { createModules } from './modules.ts'
import { overloadEvents } from './overload.ts'
import { openParts, withCopies } from './parts.ts'
import { startReconciling } from './reconciling.ts'
import { sleep } from './sleep.ts'
import { VERSION } from './version.ts'
import { vitalSigns } from './vital-signs.ts'
import { warning } from './warning.ts'

/** Builds the whole application, inside out. Disposing it closes everything in reverse order. */
export async function createContainer(config: Config, logger: Logger) {
  await using building = new AsyncDisposableStack()
  const now = () => new Date()

  // infrastructures
  const { driver, cache, queue, permissions } = building.use(await openParts(config, logger))
  const { provider, issuer, mounts, signIn } = building.use(await openIdentity(config, logger))
  const relay = building.adopt(startRelay(driver, queue, logger), (running) => running.stop())
  building.adopt(startCleaning(driver, config.outboxRetentionMs, logger), (running) => running.stop())
  const kept = createStore(driver, FORUM, { onCommit: relay.wake })
  const store = withCopies(kept, cache, config)

  // domains and controllers
  building.adopt(startReconciling(store, config, logger), (running) => running.stop())
  const modules = createModules({
    ...{ store, members: createMembership({ store, now }), authorization: permissions.authorization },
    ...{ now, newId: uuidV7, sleep },
    warning: (text) => warning(logger, text),
    idOf: subjectIds(issuer),
    webhook: { secret: config.keycloak.webhookSecret, realm: config.keycloak.realm },
  })
  const shedder = createLoadShedder(overloadEvents(logger))
  const consumers = [...modules.consumers, ...permissionConsumers(permissions, kept)]
  const onTrouble = warning(logger, 'a message was not handled')
  const heard = await consumeEvents({ queue, inbox: store.inbox, consumers, onTrouble })
  building.adopt(heard, (consumption) => consumption.stop())
  const http = await createHttpServer({
    modules: modules.http,
    identity: provider,
    ...config.http,
    count: cache.count,
    ...{ mounts, docs: { version: VERSION, signIn, ...homeOf(config) } },
    log: (config.log.format === 'pretty' ? terminalLine : requestLine)(logger),
    shedder,
  })
  http.addHook('onListen', async () => provider.start({ sleep, random: Math.random }))

  const events = () => ({ ...relay.figures, ...heard.figures })
  const signs = vitalSigns({ driver, cache, queue, permissions, identity: provider, events, load: shedder.stats })
  const grpc = createGrpc(config, logger, { services: modules.grpc, identity: provider, count: cache.count, ...signs })
  building.defer(() => closeTogether(http, grpc))
  const resources = building.move()
  return { http, grpc, ...signs, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

/** Those who call over one are answered while the other closes. */
const closeTogether = async (...servers: readonly Readonly<{ close: () => Promise<unknown> }>[]): Promise<void> =>
  void (await Promise.all(servers.map((server) => server.close())))

export type Container = Awaited<ReturnType<typeof createContainer>>

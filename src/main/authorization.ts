import type { EventConsumer } from '../controllers/events/event-consumer.ts'
import { AUTHORIZATION, permissionConsumer } from '../controllers/events/permission-consumer.ts'
import type { Store } from '../domains/ports/store.ts'
import { createPermissionSync } from '../domains/services/permission-sync.ts'
import { type OpenAuthorization, openAuthorization } from '../infrastructures/authorization/open-authorization.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import type { Config } from './config.ts'
import { createOutageLog } from './log-warning.ts'
import { CONSUMER_NAMES, PERMISSION_SOURCES, TOPICS } from './modules.ts'
import { hostAndSetting, withSetting } from './server-names.ts'

const SETTING = 'AUTHORIZATION_URL'

/** Opens the authorization of AUTHORIZATION_URL. */
export function openConfiguredAuthorization({ authorization }: Config, logger: Logger) {
  const { choice, token } = authorization
  const outage = createOutageLog(logger, {
    textOf: (cause) =>
      `nothing can be changed or deleted: waiting for OpenFGA at ${hostAndSetting(SETTING, choice)}: ${cause}`,
    restored: 'OpenFGA answers again',
  })
  const reports = { onFailure: outage.warn, onSuccess: outage.resolve }
  return withSetting(SETTING, choice, () => openAuthorization(choice, { token, ...reports }))
}

/** Makes the permissions of an engine follow the store; none without an engine. `store` must not read from a cache. */
export const permissionConsumers = (
  { mirror }: Pick<OpenAuthorization, 'mirror'>,
  store: Store,
): readonly EventConsumer[] =>
  mirror === null
    ? []
    : [permissionConsumer(createPermissionSync({ store, mirror, sources: PERMISSION_SOURCES }), PERMISSION_SOURCES)]

/** The consumers of events with these settings, started or not. */
export const consumerNames = ({ authorization }: Config): readonly string[] =>
  authorization.choice.kind === 'builtin' ? CONSUMER_NAMES : [...CONSUMER_NAMES, AUTHORIZATION.name]

/** The topics that each consumer reads, by its name. */
export const CONSUMER_TOPICS: Readonly<Record<string, readonly string[]>> = {
  ...TOPICS,
  [AUTHORIZATION.name]: PERMISSION_SOURCES.flatMap(({ events }) => events.map(({ type }) => type)),
}

import { createHttpServer, type HttpServerNeeds } from '../controllers/http/server.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { requestLine } from '../infrastructures/telemetry/request-line.ts'
import { terminalLine } from '../infrastructures/telemetry/terminal-line.ts'
import type { IdentityAdapter } from './identity.ts'
import type { SettingsInUse } from './settings/settings.ts'
import { sleep } from './sleep.ts'
import { homeOf } from './startup-summary.ts'
import type { Telemetry } from './telemetry.ts'
import { VERSION } from './version.ts'

type Identity = Pick<IdentityAdapter, 'provider' | 'rawHandlers' | 'signIn'>
type Parts = Pick<HttpServerNeeds, 'modules' | 'count' | 'shedder'> &
  Readonly<{ identity: Identity; telemetry: Telemetry }>

/** The REST API, not listening yet. */
export async function createHttp(settings: SettingsInUse, logger: Logger, { identity, telemetry, ...parts }: Parts) {
  const { config } = settings
  const { provider, rawHandlers, signIn } = identity
  const { durations, tracer } = telemetry
  const line = (config.log.format === 'pretty' ? terminalLine : requestLine)(logger)
  const http = await createHttpServer({
    ...httpSettings(settings),
    ...parts,
    identity: provider,
    ...{ rawHandlers, docs: { version: VERSION, signIn, ...homeOf(config) } },
    tracer,
    log(entry) {
      durations.request(entry)
      line(entry)
    },
  })
  http.addHook('onListen', async () => provider.start({ sleep, random: Math.random }))
  return http
}

/** `corsOrigins` is null, which leaves CORS out, unless origins are set or a source of settings may set some at run time. */
function httpSettings({ config: { http, configuration }, live }: SettingsInUse) {
  const isOpen = http.corsOrigins.length > 0 || configuration.choice !== null
  return { ...http, rateLimit: live.RATE_LIMIT, corsOrigins: isOpen ? live.CORS_ORIGINS : null }
}

import { createHttpServer, type HttpServerNeeds } from '../controllers/http/server.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { requestLine } from '../infrastructures/telemetry/request-line.ts'
import { terminalLine } from '../infrastructures/telemetry/terminal-line.ts'
import type { Config } from './config.ts'
import type { openIdentity } from './identity.ts'
import { sleep } from './sleep.ts'
import { homeOf } from './startup-summary.ts'
import type { Telemetry } from './telemetry.ts'
import { VERSION } from './version.ts'

type Identity = Pick<Awaited<ReturnType<typeof openIdentity>>, 'provider' | 'rawHandlers' | 'signIn'>
type Parts = Pick<HttpServerNeeds, 'modules' | 'count' | 'shedder'> &
  Readonly<{ identity: Identity; telemetry: Telemetry }>

/** The REST interface, not listening yet. */
export async function createHttp(config: Config, logger: Logger, { identity, telemetry, ...parts }: Parts) {
  const { provider, rawHandlers, signIn } = identity
  const { durations, tracer } = telemetry
  const line = (config.log.format === 'pretty' ? terminalLine : requestLine)(logger)
  const http = await createHttpServer({
    ...config.http,
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

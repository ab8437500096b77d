import type { IncomingMessage } from 'node:http'
import { type ClientAddress, createGrpcServer, type GrpcServerNeeds } from '../controllers/grpc/server.ts'
import { areRequiredUp } from '../controllers/health/check.ts'
import { createClientReader } from '../controllers/http/client/client.ts'
import { callLine } from '../infrastructures/telemetry/call-line.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import type { Checks } from '../patterns/monitoring.ts'
import type { Config } from './config.ts'
import type { IdentityAdapter } from './identity.ts'
import { logWarning } from './log-warning.ts'
import type { SettingsInUse } from './settings/settings.ts'
import type { Telemetry } from './telemetry.ts'

type Parts = Pick<GrpcServerNeeds, 'services' | 'count'> &
  Readonly<{ identity: Pick<IdentityAdapter, 'provider'>; checks: Checks; telemetry: Telemetry }>

/** The gRPC API, not listening yet. */
export const createGrpc = (
  { config, live }: SettingsInUse,
  logger: Logger,
  { identity, checks, telemetry, ...parts }: Parts,
) => {
  const [line, observe] = [callLine(logger), telemetry.durations.call(parts.services)]
  return createGrpcServer({
    ...parts,
    identity: identity.provider,
    rateLimit: live.RATE_LIMIT,
    clientAddress: addressReader(config),
    isReady: () => areRequiredUp(checks),
    hasReflection: config.environment !== 'production',
    tracer: telemetry.tracer,
    log(record) {
      observe(record)
      line(record)
    },
    onFailure: logWarning(logger, 'gRPC could not be loaded'),
  })
}

/** Reads the client address as for HTTP: the metadata of a call are its headers. */
function addressReader({ http }: Config): ClientAddress {
  const clientOf = createClientReader(http)

  return (peer, metadata) => clientOf(new CallHead(peer, metadata) as unknown as IncomingMessage).address
}

/** Reads metadata only when a proxy is trusted. A class, because V8 makes a new shape for each object literal with a getter. */
class CallHead {
  readonly socket: Readonly<{ remoteAddress: string }>
  readonly #metadata: Parameters<ClientAddress>[1]

  constructor(remoteAddress: string, metadata: Parameters<ClientAddress>[1]) {
    this.socket = { remoteAddress }
    this.#metadata = metadata
  }

  get headers(): ReturnType<Parameters<ClientAddress>[1]> {
    return this.#metadata()
  }

  get rawHeaders(): readonly (string | Buffer)[] {
    return Object.entries(this.#metadata()).flat()
  }
}

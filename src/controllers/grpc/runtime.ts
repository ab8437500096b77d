import type { Socket } from 'node:net'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { createRateLimiter } from '../api/rate-limiter.ts'
import { createAdmission } from './admission.ts'
import { authentication } from './authentication.ts'
import { createCallTracker } from './call-tracker.ts'
import { loadInterface } from './definitions.ts'
import { addHealthService } from './health.ts'
import type { Limits } from './limits.ts'
import { createOpenStreams } from './open-streams.ts'
import { createPendingResponses } from './pending-responses.ts'
import type { GrpcServerNeeds } from './server.ts'
import { addService } from './services.ts'
import { createStatusWriter } from './status-writer.ts'
import { type UnaryHandler, unaryInterceptor } from './unary-listener.ts'

export type RuntimeNeeds = GrpcServerNeeds & Readonly<{ limits: Limits }>
export type Runtime = Awaited<ReturnType<typeof createRuntime>>

const OPTIONS = {
  'grpc.enable_channelz': 0,
  'grpc.max_receive_message_length': 256 * 1024,
  'grpc.max_concurrent_streams': 100,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_connection_idle_ms': 5 * 60_000,
  /** Clients come back, to whichever process a balancer leads them. Streams are over by the end of the grace time. */
  'grpc.max_connection_age_ms': 30 * 60_000,
  'grpc.max_connection_age_grace_ms': 20 * 60_000,
}

/** All of gRPC that takes time and memory to load: the library, the proto, and the services over them. */
export async function createRuntime(needs: RuntimeNeeds) {
  const writeStatus = createStatusWriter()
  const calls = createCallTracker({ ...needs, writeStatus })
  const streams = createOpenStreams()
  const limiter = createRateLimiter(needs.rateLimit, needs.count)
  const unaryHandlers = new Map<string, UnaryHandler>()
  const parts = {
    admission: createAdmission(),
    unsent: createPendingResponses(),
    stateOf: calls.stateOf,
    tracer: needs.tracer ?? null,
  }
  const dependencies = {
    ...parts,
    authenticate: authentication(needs.identity, limiter),
    streams,
    writeStatus,
    limits: needs.limits,
  }

  const definitions = loadInterface()
  const server = new Server({ ...OPTIONS, interceptors: [calls.interceptor, unaryInterceptor(unaryHandlers)] })
  for (const service of needs.services) {
    const handlers = addService(server, definitions, service, dependencies)
    for (const [path, handler] of handlers) unaryHandlers.set(path, handler)
  }
  addHealthService(
    server,
    needs.services.map(({ name }) => name),
    needs.isReady,
  )
  if (needs.hasReflection) {
    const { addReflectionService } = await import('./reflection.ts')
    addReflectionService(server)
  }

  const injector = server.createConnectionInjector(ServerCredentials.createInsecure())
  return {
    accept: (socket: Socket): void => injector.injectConnection(socket),

    /** Ends streams and takes no more calls: each connection closes once the calls under way on it are answered. */
    close(): void {
      streams.drain()
      calls.drain()
      server.tryShutdown(() => {})
    },
  }
}

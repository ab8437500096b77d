import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { IdentityProvider } from '../../domains/ports/identity-provider.ts'
import type { Live } from '../../patterns/live.ts'
import type { Tracer } from '../../patterns/tracing.ts'
import type { RateLimit, UsageCounter } from '../api/rate-limiter.ts'
import type { CallLog } from './call-record.ts'
import { LIMITS, type Limits } from './limits.ts'
import type { Runtime, RuntimeNeeds } from './runtime.ts'
import type { GrpcService } from './service.ts'

/** The address of a client: that of the peer, or what a trusted proxy says in its metadata. */
export type ClientAddress = (peer: string, metadata: () => Readonly<Record<string, string | Buffer>>) => string | null

export type GrpcServerNeeds = Readonly<{
  services: readonly GrpcService[]
  identity: IdentityProvider
  rateLimit: Live<RateLimit | null>
  /** Counts for the limit, in all processes and over all transports that share it. */
  count: UsageCounter
  clientAddress: ClientAddress
  /** What the health service says while calls are taken. */
  isReady: () => Promise<boolean>
  /** Whether tools may ask what there is. */
  hasReflection: boolean
  log: CallLog
  /** Shows calls as spans; without it, nothing is traced. */
  tracer?: Tracer | null
  /** The library could not be loaded, or a connection could not be taken. */
  onFailure: (error: unknown) => void
  limits?: Partial<Limits>
}>

type Address = Readonly<{ host: string; port: number; backlog?: number }>

/**
 * The gRPC interface. It listens by itself, and loads the library with the first connection: without gRPC clients, the
 * service spends neither the time nor the 30 MB.
 */
export function createGrpcServer(needs: GrpcServerNeeds) {
  let isServing = true
  const isReady = async (): Promise<boolean> => isServing && (await needs.isReady())
  const limits = { ...LIMITS, ...needs.limits }
  const runtime = loadedOnce({ ...needs, isReady, limits })
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, accept)
  server.maxConnections = limits.connections

  function accept(socket: Socket): void {
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
    runtime.get().then(
      ({ accept }) => accept(socket),
      () => socket.destroy(),
    )
  }

  return {
    async listen(address: Address): Promise<void> {
      server.listen(address)
      await once(server, 'listening')
    },

    /** The port that it listens on. */
    port: (): number => (server.address() as AddressInfo).port,

    /** From now on the health service answers NOT_SERVING. Calls are still answered. */
    announceShutdown(): void {
      isServing = false
    },

    /** Accepts no more connections and calls, ends streams, and waits until the calls in flight are answered. */
    async close(): Promise<void> {
      isServing = false
      if (!server.listening) return
      const isClosed = once(server, 'close')
      server.close()
      const isLoaded = await runtime.close()
      for (const socket of sockets) {
        if (isLoaded) destroyOnceEnded(socket, limits.flushTimeoutMs)
        else socket.destroy()
      }
      await isClosed
    },
  }
}

/** The library ends a connection and then waits for its client to end it as well, which some never do. */
function destroyOnceEnded(socket: Socket, graceMs: number): void {
  const destroySoon = () => setTimeout(() => socket.destroy(), graceMs).unref()
  if (socket.writableFinished) destroySoon()
  else socket.once('finish', destroySoon)
}

/** Loads the runtime when it is first needed, and again where that failed. */
function loadedOnce(needs: RuntimeNeeds) {
  let runtime: Promise<Runtime> | null = null

  async function load(): Promise<Runtime> {
    try {
      const { createRuntime } = await import('./runtime.ts')
      return await createRuntime(needs)
    } catch (error) {
      runtime = null
      needs.onFailure(error)
      throw error
    }
  }

  return {
    get(): Promise<Runtime> {
      runtime ??= load()
      return runtime
    },

    /** False where there was nothing to close. */
    async close(): Promise<boolean> {
      const loaded = await runtime?.catch(() => null)
      loaded?.close()
      return loaded != null
    },
  }
}

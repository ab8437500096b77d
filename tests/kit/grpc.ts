import { pino } from 'pino'
import type { RateLimit } from '../../src/controllers/api/rate-limiter.ts'
import { createGrpcServer, type GrpcServerNeeds } from '../../src/controllers/grpc/server.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { noCache } from '../../src/infrastructures/cache/none/no-cache.ts'
import { callLine } from '../../src/infrastructures/telemetry/call-line.ts'
import { type GrpcClient, grpcClientOf } from './grpc-client.ts'
import { openForum } from './http.ts'

export type GrpcForum = Awaited<ReturnType<typeof openGrpcForum>>

type Needs = Partial<Omit<GrpcServerNeeds, 'rateLimit'>> & { store?: Store; rateLimit?: RateLimit | null }

/** A forum in this process that answers over both transports, gRPC at a port of its own, with a client of it. */
export async function openGrpcForum({ store, rateLimit = null, ...needs }: Needs = {}) {
  const shared = { count: noCache().count, ...needs }
  const forum = await openForum({
    ...(store === undefined ? {} : { store }),
    rateLimit,
    count: shared.count,
  })
  const grpcLines: string[] = []
  const failures: unknown[] = []
  const server = createGrpcServer({
    services: forum.grpcServices,
    identity: forum.identity,
    clientAddress: (peer) => peer,
    isReady: async () => true,
    hasReflection: true,
    log: callLine(pino({ level: 'info' }, { write: (line) => void grpcLines.push(line) })),
    onFailure: (error) => failures.push(error),
    ...shared,
    rateLimit: () => rateLimit,
  })
  await server.listen({ host: '127.0.0.1', port: 0 })
  const clients: GrpcClient[] = []

  function connect(options?: Readonly<Record<string, number>>): GrpcClient {
    const client = grpcClientOf(`127.0.0.1:${server.port()}`, options)
    clients.push(client)
    return client
  }

  const { call: rpc, watch, client } = connect()
  return {
    ...forum,
    server,
    client,
    connect,
    rpc,
    watch,
    grpcLines,
    failures,
    async [Symbol.asyncDispose]() {
      for (const { close } of clients) close()
      await server.close()
      await forum[Symbol.asyncDispose]()
    },
  }
}

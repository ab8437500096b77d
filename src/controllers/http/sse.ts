import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createAutoResetEvent } from '../../patterns/auto-reset-event.ts'
import { type AccessLog, accessLogEntry } from './access-log.ts'
import { currentActor } from './authentication.ts'
import { HttpError } from './http-error.ts'

declare module 'fastify' {
  interface FastifyInstance {
    sse: SseHub
  }
  interface FastifyContextConfig {
    /** The route answers with server-sent events, and with nothing else. */
    isEventStream?: boolean
  }
}

const LIMITS = {
  perUser: 5,
  total: 1_000,
  heartbeatMs: 15_000,
  /** A client that reads nothing for so long is disconnected. */
  stalledMs: 30_000,
  /** Clients reconnect with a new token. */
  lifetimeMs: 15 * 60_000,
}
export type StreamLimits = Readonly<typeof LIMITS>

/** How long unsent chunks may take at the end. */
const FLUSH_TIMEOUT_MS = 1_000

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** A response without an end. It wakes when a caller wakes it, for every heartbeat, and when it ends. */
export type EventStream = ReturnType<typeof openStream>

/** Server-sent events within limits. */
interface SseHub {
  /**
   * Responds with chunks, each produced when the client has room for it; a client that reads nothing is disconnected.
   *
   * @throws {HttpError} when there are too many streams
   */
  send(request: FastifyRequest, reply: FastifyReply, chunks: ChunkSource): FastifyReply
}

/** Lets routes answer with event streams. Before the server closes all of them end, so that it need not wait. */
export function registerSseHub(http: FastifyInstance, log: AccessLog, limits: StreamLimits = LIMITS): void {
  http.decorate('sse', createSseHub(http, log, limits))
}

function createSseHub(http: FastifyInstance, log: AccessLog, limits: StreamLimits): SseHub {
  const streams = new Map<EventStream, string>()
  let isClosing = false

  http.addHook('preClose', async () => {
    isClosing = true
    for (const { close } of streams.keys()) close()
  })

  function assertCapacity(userId: string): void {
    if (streams.size >= limits.total) throw new HttpError('overloaded', 'Too many streams are open here.')
    const own = [...streams.values()].filter((of) => of === userId)
    if (own.length < limits.perUser) return
    throw new HttpError('rate-limited', `You have ${own.length} streams open.`, { headers: { 'retry-after': '5' } })
  }

  return {
    send(request, reply, chunks) {
      if (reply.raw.destroyed) return reply
      const { userId } = currentActor(request)
      assertCapacity(userId)

      const stream = openStream(reply.raw, limits)
      streams.set(stream, userId)
      const { socket } = request
      socket.once('end', stream.close) // A client that half-closes has probably left.
      if (isClosing || socket.readableEnded) stream.close()
      reply.raw.once('close', () => {
        socket.off('end', stream.close)
        stream.close()
        streams.delete(stream)
        if (!reply.raw.writableFinished) log(accessLogEntry(request, reply)) // The response to a client that left never finishes.
      })
      return reply.headers(HEADERS).send(Readable.from(chunks(stream)))
    },
  }
}

type ChunkSource = (stream: EventStream) => AsyncGenerator<string>

function openStream(raw: ServerResponse, { heartbeatMs, stalledMs, lifetimeMs }: StreamLimits) {
  const wakeup = createAutoResetEvent()
  let isClosed = false

  function close(): void {
    isClosed = true
    clearInterval(heartbeat)
    clearTimeout(lifetime)
    raw.socket?.setTimeout(FLUSH_TIMEOUT_MS)
    wakeup.set()
  }

  const heartbeat = setInterval(wakeup.set, heartbeatMs)
  const lifetime = setTimeout(close, lifetimeMs)
  raw.socket?.setTimeout(stalledMs)
  return { isClosed: () => isClosed, wake: wakeup.set, wait: () => wakeup.wait(), close }
}

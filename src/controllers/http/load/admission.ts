import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createOverloadReport, type OverloadEvents } from './overload-report.ts'
import { sendOverloaded } from './overload-response.ts'
import type { RequestQueue, RequestQueues } from './request-queues.ts'

/** While more requests wait, a connection is not read again right after its answer. */
const BUSY = 256
/** A refusal takes about 20 µs: this number takes less than a tenth of a busy turn of the event loop. */
const MAX_REFUSALS_PER_ITERATION = 8
/** More refusals in one turn mean that thousands of connections send at once: each gets one refusal, then is not read for a while. */
const BURST = 64

/** The time that a turn spends on refusals. Later requests have waited: a late refusal is worse than a late response. */
const MAX_REFUSING_MS = 40

/** The hard limit of waiting requests, also of those that should not be refused as they had waited before they were read. */
const MAX_WAITING = 4_000

/** Decides which requests wait, which are refused, and which connections are not read for now. */
export function createAdmission(queues: RequestQueues, events: OverloadEvents, now: () => number) {
  const rotation = createConnectionRotation()
  const report = createOverloadReport(events)
  const refusals = createRefusalsOfIteration(now)
  let refused = 0

  const resumable = () => Math.max(0, Math.min(rotation.size(), BUSY - queues.waiting()))

  return {
    refused: () => refused,

    /** Whether there is work for the next turn. */
    isPending: () => refusals.count() > 0 || resumable() > 0,

    /** Whether this turn starts nothing, so that the refusals that follow are not late. */
    isBurst: refusals.isBurst,

    /** Whether the request may wait or run; otherwise it is refused. Beyond the share of a turn its connection is then paused. */
    admits(queue: RequestQueue, request: IncomingMessage, response: ServerResponse): boolean {
      const hasWaited = rotation.hasWaited(request.socket)
      if (!queue.isFull() || ((hasWaited || refusals.isLate()) && queue.waiting() < MAX_WAITING)) return true
      refused++
      refusals.add()
      report.recordRefusal()
      // Once the answer is finished: Node.js reads on when it has parsed a request.
      if (refusals.count() > MAX_REFUSALS_PER_ITERATION) response.once('finish', () => rotation.pause(request.socket))
      sendOverloaded(request, response)
      return false
    },

    /** A new connection may have waited for long until it was accepted, and its first request with it. */
    onConnection: rotation.markWaited,

    /** Call when a response is ready. Under load, connections take turns, each of which is read again within about a second. */
    rotate({ socket }: IncomingMessage): void {
      if (rotation.size() === 0 && queues.waiting() < BUSY) return
      report.recordBusy()
      if (rotation.size() < queues.startsPerSecond()) rotation.pause(socket)
    },

    endIteration(): void {
      refusals.reset()
      rotation.resume(resumable())
    },
  }
}

function createRefusalsOfIteration(now: () => number) {
  let count = 0
  let since = 0
  const isBurst = () => count > BURST

  return {
    count: () => count,
    isBurst,
    /** Whether what is read now would be refused late. */
    isLate: () => isBurst() && now() - since > MAX_REFUSING_MS,

    add(): void {
      if (count++ === 0) since = now()
    },

    reset(): void {
      count = 0
    },
  }
}

/**
 * Connections that are not read for a while, in order. A request that waits in the kernel costs nothing; one that is read
 * costs half as much as a cheap answer, and memory until it is answered.
 */
function createConnectionRotation() {
  const paused: Socket[] = []
  const waited = new WeakSet<Socket>()

  return {
    size: (): number => paused.length,

    pause(socket: Socket): void {
      socket.pause()
      paused.push(socket)
    },

    resume(count: number): void {
      for (const socket of paused.splice(0, count)) {
        if (socket.destroyed) continue
        waited.add(socket)
        socket.resume()
      }
    },

    /** The next request of the connection has waited in the kernel. */
    markWaited: (socket: Socket): void => void waited.add(socket),

    /** Whether this request has waited: then refusing it would be late. */
    hasWaited: (socket: Socket): boolean => waited.delete(socket),
  }
}

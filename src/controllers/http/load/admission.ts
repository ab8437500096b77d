import type { IncomingMessage, ServerResponse } from 'node:http'
import { createConnectionRotation } from './connection-rotation.ts'
import { createOverloadReport, type OverloadEvents } from './overload-report.ts'
import { sendOverloaded } from './overload-response.ts'
import type { RequestQueue, RequestQueues } from './request-queues.ts'

/** While more requests wait, a connection is not read again right after its answer. */
const BUSY = 256
/** A refusal takes about 20 µs: so many take less than a tenth of a busy turn. */
const MAX_REFUSALS_PER_ITERATION = 8
/** So many in one turn mean that thousands of connections ask at once. Each is refused once, then it is not read for a while. */
const BURST = 64

/** So many wait at most, also of those whose request waited in the kernel and should not be refused so late. */
const MAX_WAITING = 2_000

/** Decides which requests wait, which are refused, and which connections are not read for now. */
export function createAdmission(queues: RequestQueues, events: OverloadEvents) {
  const rotation = createConnectionRotation()
  const report = createOverloadReport(events)
  let refused = 0
  let refusedInIteration = 0

  const resumable = () => Math.max(0, Math.min(rotation.size(), BUSY - queues.waiting()))

  return {
    refused: () => refused,

    /** Whether the next turn has something to do here. */
    isPending: () => refusedInIteration > 0 || resumable() > 0,

    /** Whether this turn starts nothing, so that the refusals that follow are not late. */
    isBurst: () => refusedInIteration > BURST,

    /** Answers a request that it does not admit; one beyond the share of a turn is the last of its connection for now. */
    admits(queue: RequestQueue, request: IncomingMessage, response: ServerResponse): boolean {
      const hasWaited = rotation.hasWaited(request.socket)
      if (!queue.isFull() || (hasWaited && queue.waiting() < MAX_WAITING)) return true
      refused++
      report.recordRefusal()
      // Once the answer is finished: Node.js reads on when it has parsed a request.
      if (++refusedInIteration > MAX_REFUSALS_PER_ITERATION)
        response.once('finish', () => rotation.pause(request.socket))
      sendOverloaded(request, response)
      return false
    },

    /** A new connection may have waited for long until it was accepted, and its first request with it. */
    onConnection: rotation.markWaited,

    /** Call when an answer is made. Under load, connections take turns while each is read again within about a second. */
    rotate({ socket }: IncomingMessage): void {
      if (rotation.size() === 0 && queues.waiting() < BUSY) return
      report.recordBusy()
      if (rotation.size() < queues.startsPerSecond()) rotation.pause(socket)
    },

    endIteration(): void {
      refusedInIteration = 0
      rotation.resume(resumable())
    },
  }
}

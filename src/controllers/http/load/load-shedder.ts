import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createConnectionRotation } from './connection-rotation.ts'
import { refuseOverload } from './overload-answer.ts'
import { createOverloadReport, type OverloadEvents } from './overload-report.ts'
import { createRequestQueues } from './request-queues.ts'
import { countWhileRunning } from './running-request.ts'
import { createTurns } from './turns.ts'

/** While more requests wait, a connection is not read again right after its answer. */
const BUSY = 256
/** A refusal takes about 20 µs: so many are less than a tenth of a busy turn. */
const MAX_REFUSALS_PER_TURN = 64
/** Streams are few, have limits of their own, and last: they neither wait nor count. */
const STREAMS = '/v1/notifications/stream'

export type LoadStats = Readonly<{ refused: number; running: number; waiting: number }>
export type LoadShedder = ReturnType<typeof createLoadShedder>

/**
 * Starts requests at the pace of the event loop, lets a bounded number wait and refuses the others with 503 `overloaded`:
 * docs/decisions/0023-load-shedding.md.
 */
export function createLoadShedder(events: OverloadEvents) {
  const now = () => performance.now()
  const queues = createRequestQueues(now)
  const door = createDoor(queues, events)
  const turns = createTurns(startNext, endTurn, now)
  let handle: RequestListener = () => {}

  function receive(request: IncomingMessage, response: ServerResponse): void {
    if (request.url?.startsWith(STREAMS)) handle(request, response)
    else if (door.admits(request, response)) queues.queueOf(request).add({ request, response })
    turns.want(queues.startable() || Number(door.hasMore()))
  }

  function startNext(): void {
    const queue = queues.next()
    const exchange = queue?.take()
    if (!queue || !exchange || exchange.response.destroyed) return // its caller is gone
    const { request, response } = exchange
    countWhileRunning(queue, exchange, () => turns.want(queues.startable()))
    response.once('prefinish', () => door.leave(request))
    handle(request, response)
  }

  function endTurn(): void {
    door.endTurn()
    turns.want(queues.startable() || Number(door.hasMore()))
  }

  return {
    /** What stands before the handler of all requests. */
    guard(handler: RequestListener): RequestListener {
      handle = handler
      return receive
    },

    stats: (): LoadStats => ({ refused: door.refused(), running: queues.running(), waiting: queues.waiting() }),
  }
}

/** Who is let in, who is refused, and whose connection is not read for now. */
function createDoor(queues: ReturnType<typeof createRequestQueues>, events: OverloadEvents) {
  const rotation = createConnectionRotation()
  const report = createOverloadReport(events)
  let refused = 0
  let refusedInTurn = 0

  const resumable = () => Math.max(0, Math.min(rotation.size(), BUSY - queues.waiting()))

  return {
    refused: () => refused,
    hasMore: () => refusedInTurn > 0 || resumable() > 0,

    /** Answers those that it does not admit. Beyond its share of a turn it takes care not to see them again too soon. */
    admits(request: IncomingMessage, response: ServerResponse): boolean {
      if (!queues.queueOf(request).isFull() || rotation.hasWaited(request.socket)) return true
      refused++
      report.noteRefusal()
      // Once it is finished: when it has parsed a request, Node.js reads on.
      if (++refusedInTurn > MAX_REFUSALS_PER_TURN) response.once('finish', () => rotation.pause(request.socket))
      refuseOverload(request, response)
      return false
    },

    /** An answer is made. Under load the connections take turns, as long as each is read again within a second. */
    leave({ socket }: IncomingMessage): void {
      if (rotation.size() === 0 && queues.waiting() < BUSY) return
      report.noteBusy()
      if (rotation.size() < queues.startsPerSecond()) rotation.pause(socket)
    },

    endTurn(): void {
      refusedInTurn = 0
      rotation.resume(resumable())
    },
  }
}

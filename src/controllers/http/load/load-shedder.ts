import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createAdmission } from './admission.ts'
import type { OverloadEvents } from './overload-report.ts'
import { countWhileRunning, createRequestQueues, type Exchange, type RequestQueue } from './request-queues.ts'

/** Streams are few, have limits of their own, and last: they neither wait nor count. */
const STREAMS = '/v1/notifications/stream'

export type LoadStats = Readonly<{ refused: number; running: number; waiting: number }>
export type LoadShedder = ReturnType<typeof createLoadShedder>

/**
 * Starts requests at the pace of the event loop, lets a bounded number wait and refuses the others with 503 `overloaded`:
 * docs/decisions/0023-load-shedding.md.
 */
export function createLoadShedder(events: OverloadEvents, now = () => performance.now()) {
  const queues = createRequestQueues(now)
  const admission = createAdmission(queues, events, now)
  const loop = createLoopScheduler({ step: startNext, onEnd: endIteration, isBurst: admission.isBurst, now })
  let handle: RequestListener = () => {}

  function receive(request: IncomingMessage, response: ServerResponse): void {
    const queue = queues.queueOf(request)
    if (request.url?.startsWith(STREAMS)) handle(request, response)
    else if (admission.admits(queue, request, response)) {
      if (queues.mayStartAtOnce(queue)) start(queue, { request, response })
      else queue.add({ request, response })
    }
    scheduleNext()
  }

  const scheduleNext = () => loop.schedule(queues.startable() || Number(queues.isPending() || admission.isPending()))

  function startNext(): void {
    const queue = queues.next()
    const exchange = queue?.take()
    if (queue && exchange && !exchange.response.destroyed) start(queue, exchange) // else its caller is gone
  }

  function start(queue: RequestQueue, exchange: Exchange): void {
    countWhileRunning(queue, exchange, endOf)
    handle(exchange.request, exchange.response)
  }

  function endOf(request: IncomingMessage): void {
    admission.rotate(request)
    if (queues.startable() > 0) scheduleNext()
  }

  function endIteration(): void {
    queues.endIteration()
    admission.endIteration()
    scheduleNext()
  }

  return {
    /** Wraps the handler of all requests of this server. */
    guard(server: Server, handler: RequestListener): RequestListener {
      handle = handler
      server.on('connection', admission.onConnection)
      return receive
    },
    stats: (): LoadStats => ({ refused: admission.refused(), running: queues.running(), waiting: queues.waiting() }),
  }
}

/**
 * One turn of the event loop works for so long. It is short because between two turns requests are read, refused and
 * answered, and because libuv accepts one connection in each.
 */
const BUDGET_MS = 2
const MAX_STEPS = 128

type Work = Readonly<{ step: () => void; onEnd: () => void; isBurst: () => boolean; now: () => number }>

/**
 * Divides work into turns. Each step is an immediate of its own: what a request does without waiting is done, and what it
 * takes is known, before the next one starts.
 */
export function createLoopScheduler({ step, onEnd, isBurst, now }: Work) {
  let scheduled = 0
  let deadline = 0

  function run(): void {
    const at = now()
    if (deadline === 0) deadline = at + (isBurst() ? 0 : BUDGET_MS)
    if (at < deadline) step()
    if (--scheduled > 0) return
    deadline = 0
    onEnd()
  }

  return {
    /** Sees to it that so many steps are done in this turn and the next, as far as there is time. */
    schedule(steps: number): void {
      for (const wanted = Math.min(steps, MAX_STEPS); scheduled < wanted; scheduled++) setImmediate(run)
    },
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AdmissionQueue, createAdmissionQueue } from '../../api/admission-queue.ts'

export type Exchange = Readonly<{ request: IncomingMessage; response: ServerResponse }>
export type RequestQueue = AdmissionQueue<Exchange>
export type RequestQueues = ReturnType<typeof createRequestQueues>

const MAX_RUNNING = { reads: 128, writes: 64 }
/** The number of reads that start after each write while both wait. */
const READS_PER_WRITE = 3

/** The number of reads per turn that skip the queue while it is empty. */
const MAX_STARTED_AT_ONCE = 16

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Reads and writes wait and run apart (bulkheads): many cheap reads leave writes their share, and the other way around. */
export function createRequestQueues(now: () => number) {
  const reads: RequestQueue = createAdmissionQueue(MAX_RUNNING.reads, now)
  const writes: RequestQueue = createAdmissionQueue(MAX_RUNNING.writes, now)
  let readsUntilWrite = READS_PER_WRITE
  let startedAtOnce = 0

  return {
    queueOf: ({ method }: IncomingMessage): RequestQueue => (SAFE_METHODS.has(method) ? reads : writes),
    waiting: (): number => reads.waiting() + writes.waiting(),
    running: (): number => reads.running() + writes.running(),
    startable: (): number => reads.startable() + writes.startable(),
    startsPerSecond: (): number => reads.startsPerSecond() + writes.startsPerSecond(),

    mayStartAtOnce: (queue: RequestQueue): boolean =>
      queue === reads && queue.isFree() && startedAtOnce++ < MAX_STARTED_AT_ONCE,

    endIteration(): void {
      startedAtOnce = 0
    },

    /** Whether there is work for the next turn. */
    isPending: (): boolean => startedAtOnce > 0,

    /** The queue whose turn it is; null where nothing may start. */
    next(): RequestQueue | null {
      if (writes.startable() === 0) return reads.startable() === 0 ? null : reads
      if (readsUntilWrite-- > 0 && reads.startable() > 0) return reads
      readsUntilWrite = READS_PER_WRITE
      return writes
    },
  }
}

/**
 * Counts a request as running from when it is there as a whole until its answer is made. Callers that send or read slowly
 * therefore hold no place.
 */
export function countWhileRunning(
  queue: RequestQueue,
  exchange: Exchange,
  onResponse: (request: IncomingMessage) => void,
): void {
  if (isComplete(exchange.request)) countUntilResponse(queue, exchange, onResponse)
  else exchange.request.once('end', () => countUntilResponse(queue, exchange, onResponse))
}

function countUntilResponse(
  queue: RequestQueue,
  { request, response }: Exchange,
  onResponse: (request: IncomingMessage) => void,
): void {
  if (response.writableEnded || response.destroyed) return
  let isRunning = true
  queue.begin()

  function end(): void {
    if (!isRunning) return
    isRunning = false
    queue.end()
    onResponse(request)
  }

  response.on('prefinish', end).on('close', end)
}

/** A request without a body is complete a moment after its headers. */
const isComplete = ({ complete, headers }: IncomingMessage): boolean =>
  complete || (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)

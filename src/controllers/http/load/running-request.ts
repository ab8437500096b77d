import type { IncomingMessage } from 'node:http'
import type { Exchange, RequestQueue } from './request-queues.ts'

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

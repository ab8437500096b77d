import type { IncomingMessage } from 'node:http'
import type { Exchange, RequestQueue } from './request-queues.ts'

/**
 * Counts a request as running from when it is there as a whole until its answer is made. Callers that send or read slowly
 * therefore hold no place.
 */
export function countWhileRunning(
  queue: RequestQueue,
  exchange: Exchange,
  onAnswer: (request: IncomingMessage) => void,
): void {
  if (isWhole(exchange.request)) countUntilAnswer(queue, exchange, onAnswer)
  else exchange.request.once('end', () => countUntilAnswer(queue, exchange, onAnswer))
}

function countUntilAnswer(
  queue: RequestQueue,
  { request, response }: Exchange,
  onAnswer: (request: IncomingMessage) => void,
): void {
  if (response.writableEnded || response.destroyed) return
  let isRunning = true
  queue.begin()

  function end(): void {
    if (!isRunning) return
    isRunning = false
    queue.end()
    onAnswer(request)
  }

  response.on('prefinish', end).on('close', end)
}

/** A request without a body is complete a moment after its headers. */
const isWhole = ({ complete, headers }: IncomingMessage): boolean =>
  complete || (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)

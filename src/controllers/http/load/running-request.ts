import type { Exchange, RequestQueue } from './request-queues.ts'

/**
 * Counts a request as running from when it is there as a whole until its answer is made. Callers that send or read slowly
 * therefore hold no place.
 */
export function countWhileRunning(queue: RequestQueue, { request, response }: Exchange, onEnd: () => void): void {
  let isRunning = false

  function begin(): void {
    isRunning = !response.writableEnded && !response.destroyed
    if (isRunning) queue.begin()
  }

  function end(): void {
    if (!isRunning) return
    isRunning = false
    queue.end()
    onEnd()
  }

  if (request.complete) begin()
  else request.once('end', begin)
  response.once('prefinish', end).once('close', end)
}

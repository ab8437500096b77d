import type { FastifyInstance } from 'fastify'
import { HttpError } from './http-error.ts'

const LARGE_BYTES = 64 * 1024
const MAX_PENDING_BYTES = 64 * 1024 * 1024

/**
 * Bounds what slow readers can make this process hold: while that much waits to be taken, large answers are refused.
 * Small ones never are.
 */
export function limitPendingBytes(http: FastifyInstance): void {
  let unsent = 0

  http.addHook('onSend', async (_request, reply, payload) => {
    const bytes = typeof payload === 'string' ? payload.length : 0
    if (bytes < LARGE_BYTES) return
    if (unsent + bytes > MAX_PENDING_BYTES) throw new HttpError('overloaded')

    unsent += bytes
    reply.raw.once('close', () => {
      unsent -= bytes
    })
  })
}

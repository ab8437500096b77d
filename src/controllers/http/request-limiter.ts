import type { FastifyReply } from 'fastify'
import type { RateLimiter } from '../api/rate-limiter.ts'
import { HttpError } from './http-error.ts'

/** Counts one request and says what remains. @throws {HttpError} when it is one too many */
export type RequestLimiter = (caller: string, reply: FastifyReply) => Promise<void>

export const createRequestLimiter =
  (limiter: RateLimiter): RequestLimiter =>
  async (caller, reply) => {
    const allowance = await limiter(caller)
    if (allowance === null) return
    const { isExceeded, retryAfterSeconds, headers } = allowance
    if (isExceeded) {
      const more = { headers: { ...headers, 'retry-after': String(retryAfterSeconds) } }
      throw new HttpError('rate-limited', undefined, more)
    }
    reply.headers(headers)
  }

import type { FastifyReply } from 'fastify'
import { HttpError } from './http-error.ts'

export type RateLimit = Readonly<{ requests: number; seconds: number }>

/** How often a key was used in its current window, and when that ends. */
type Usage = Readonly<{ used: number; resetsInMs: number }>

/** Counts one use of a key in its current window of `seconds`, which the first use opens. It never fails. */
export type UsageCounter = (key: string, seconds: number) => Promise<Usage>

/** Counts one request and says what remains. @throws {HttpError} when it is one too many */
export type RequestLimiter = (caller: string, reply: FastifyReply) => Promise<void>

/**
 * Counts the requests of each caller in fixed windows, which all share who share `count`. The headers are those of
 * draft-ietf-httpapi-ratelimit-headers: the policy, what remains of it, and the seconds until it starts anew.
 */
export function createRequestLimiter({ requests, seconds }: RateLimit, count: UsageCounter): RequestLimiter {
  const policy = `"default";q=${requests};w=${seconds}`

  const headersOf = ({ used, resetsInMs }: Usage): Record<string, string> => ({
    'ratelimit-policy': policy,
    ratelimit: `"default";r=${Math.max(0, requests - used)};t=${Math.ceil(resetsInMs / 1000)}`,
  })

  function refuse(usage: Usage): never {
    const retryAfter = String(Math.max(1, Math.ceil(usage.resetsInMs / 1000)))
    throw new HttpError('rate-limited', undefined, { headers: { ...headersOf(usage), 'retry-after': retryAfter } })
  }

  return async (caller, reply) => {
    const usage = await count(`rate:${caller}`, seconds)
    if (usage.used > requests) refuse(usage)
    reply.headers(headersOf(usage))
  }
}

import type { FastifyReply } from 'fastify'
import { LRUCache } from 'lru-cache'
import { HttpError } from './http-error.ts'

export type RateLimit = Readonly<{ requests: number; seconds: number }>
export type RequestLimiter = ReturnType<typeof createRequestLimiter>

type Window = { used: number; endsAt: number }

/** So many callers are remembered; those who were silent the longest are forgotten first. */
const MOST_CALLERS = 50_000

/**
 * Counts the requests of each caller in fixed windows. The headers are those of
 * draft-ietf-httpapi-ratelimit-headers: the policy, what remains of it, and the seconds until it starts anew.
 */
export function createRequestLimiter(limit: RateLimit | null, now: () => number) {
  const windows = new LRUCache<string, Window>({ max: MOST_CALLERS })
  if (limit === null) return { count() {} }

  const { requests, seconds } = limit
  const policy = `"default";q=${requests};w=${seconds}`

  function windowOf(caller: string): Window {
    const known = windows.get(caller)
    if (known !== undefined && known.endsAt > now()) return known
    const opened = { used: 0, endsAt: now() + seconds * 1000 }
    windows.set(caller, opened)
    return opened
  }

  const headersOf = ({ used, endsAt }: Window): Record<string, string> => ({
    'ratelimit-policy': policy,
    ratelimit: `"default";r=${Math.max(0, requests - used)};t=${Math.ceil((endsAt - now()) / 1000)}`,
  })

  function refuse(window: Window): never {
    const retryAfter = String(Math.max(1, Math.ceil((window.endsAt - now()) / 1000)))
    throw new HttpError('rate-limited', undefined, { headers: { ...headersOf(window), 'retry-after': retryAfter } })
  }

  return {
    /** Counts one request and says what remains. @throws {HttpError} when it is one too many */
    count(caller: string, reply: FastifyReply): void {
      const window = windowOf(caller)
      window.used++
      if (window.used > requests) refuse(window)
      reply.headers(headersOf(window))
    },
  }
}

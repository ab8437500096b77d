import type { Live } from '../../patterns/live.ts'
import { memoizeLast } from '../../patterns/memoize-last.ts'

export type RateLimit = Readonly<{ requests: number; seconds: number }>

/** How often a key was used in its current window, and when that ends. */
type WindowUsage = Readonly<{ used: number; resetsInMs: number }>

/** Counts one use of a key in its current window of `seconds`, which the first use opens. It never fails. */
export type UsageCounter = (key: string, seconds: number) => Promise<WindowUsage>

/** Whether a request exceeds the limit, after how many seconds the caller may retry, and the headers for the caller. */
export type Allowance = Readonly<{
  isExceeded: boolean
  retryAfterSeconds: number
  headers: Readonly<Record<'ratelimit-policy' | 'ratelimit', string>>
}>

/** Counts one request of a caller, over any transport; null while there is no limit. */
export type RateLimiter = (caller: string) => Promise<Allowance | null>

/**
 * Counts the requests of each caller in fixed windows, shared by all processes that share `count`. The headers are those of
 * draft-ietf-httpapi-ratelimit-headers: the policy, what remains of it, and the seconds until it starts anew.
 */
export function createRateLimiter(limit: Live<RateLimit | null>, count: UsageCounter): RateLimiter {
  const policyOf = memoizeLast(({ requests, seconds }: RateLimit) => `"default";q=${requests};w=${seconds}`)

  return async (caller) => {
    const current = limit()
    if (current === null) return null
    const { requests, seconds } = current
    const { used, resetsInMs } = await count(`rate:${caller}`, seconds)
    const resetsIn = Math.ceil(resetsInMs / 1000)
    const ratelimit = `"default";r=${Math.max(0, requests - used)};t=${resetsIn}`
    return {
      isExceeded: used > requests,
      retryAfterSeconds: Math.max(1, resetsIn),
      headers: { 'ratelimit-policy': policyOf(current), ratelimit },
    }
  }
}

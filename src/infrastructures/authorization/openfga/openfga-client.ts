import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'

/** Listeners for failed calls, and for the first one that succeeds again. */
export type Reports = Readonly<{ onFailure?: (error: Error) => void; onSuccess?: () => void }>

type Json = Readonly<Record<string, unknown>>
type Request = Readonly<{ method?: 'GET' | 'POST' | 'DELETE'; body?: object; timeoutMs?: number }>

/** Calls OpenFGA. @throws {DependencyUnavailable} whose cause has the reason, {@link RequestRefused} if OpenFGA answered so */
export type Call = <Answer = Json>(path: string, request?: Request) => Promise<Answer>

type Options = Readonly<{ url: string; token: string | null; uptime?: () => number }> & Reports

const TIMEOUT_MS = 2_000

/** After a call without an answer, one call in so long is sent; the others fail at once. */
const RETRY_AFTER_MS = 1_000

/** A connection that the server closed while it was idle. The request is sent once more: all of ours may be repeated. */
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** OpenFGA answered, but not with what was asked for. Its message names no secret. */
export class RequestRefused extends Error {
  readonly status: number

  constructor(status: number, reason: string) {
    super(`OpenFGA answered ${status}${reason === '' ? '' : `: ${reason}`}`)
    this.status = status
  }
}

/** A client of OpenFGA's HTTP API. No call waits longer than its timeout; while nothing answers, most fail at once. */
export function createOpenFgaClient({ url, token, uptime = () => performance.now(), ...reports }: Options): Call {
  const breaker = createBreaker(uptime)
  const headers = {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  }

  async function send(path: string, { method = 'POST', body, timeoutMs = TIMEOUT_MS }: Request): Promise<unknown> {
    const init = { method, headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) } as const
    const response = await fetch(url + path, body === undefined ? init : { ...init, body: JSON.stringify(body) })
    if (response.status === 204) return {}
    if (response.ok) return response.json()
    throw new RequestRefused(response.status, reasonIn(await response.json().catch(() => ({}))))
  }

  return async <Answer>(path: string, request: Request = {}) => {
    try {
      breaker.assertClosed()
      const answer = await send(path, request).catch((error) => {
        if (!CLOSED.has(codeOf(error))) throw error
        return send(path, request)
      })
      breaker.close()
      reports.onSuccess?.()
      return answer as Answer
    } catch (error) {
      breaker.record(error)
      reports.onFailure?.(error as Error)
      throw new DependencyUnavailable('authorization engine', { cause: error })
    }
  }
}

/** Opens when a call is not answered in time, so that callers do not queue up behind a server that hangs. */
function createBreaker(uptime: () => number) {
  let failure: unknown = null
  let retryAt = 0

  return {
    /** @throws the failure that opened it, but once in a while lets one call pass */
    assertClosed(): void {
      if (failure === null) return
      if (uptime() < retryAt) throw failure
      retryAt = uptime() + RETRY_AFTER_MS
    },

    record(error: unknown): void {
      if (!isTimeout(error) || error === failure) return
      failure = error
      retryAt = uptime() + RETRY_AFTER_MS
    },

    close(): void {
      failure = null
    },
  }
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError'

const codeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : ''

function reasonIn(answer: unknown): string {
  const { code, message } = (answer ?? {}) as Json
  return [code, message]
    .filter((part) => typeof part === 'string')
    .join(', ')
    .slice(0, 300)
}

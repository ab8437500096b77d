import { createServer, type Server, type ServerResponse } from 'node:http'
import { allowHalfOpen } from '../http/draining.ts'
import { type CheckResults, isHealthy, TIMEOUT_MS } from './check.ts'
import type { HealthSource } from './health-source.ts'
import { METRICS_TYPE, metricsText } from './metrics.ts'
import { metricsReader } from './service-metrics.ts'

export type HealthNeeds = Readonly<{
  version: string
  /** Whether requests are taken: not while starting, and not from the first moment of stopping. */
  isServing: () => boolean
  source: HealthSource
}>

type Handler = (response: ServerResponse) => Promise<void>

/** Health on a port of its own, which stays reachable when the service is busy or closed to the outside. */
export function createHealthServer(needs: HealthNeeds): Server {
  const handlers: Readonly<Record<string, Handler>> = {
    '/live': async (response) => sendJson(response, 200, { status: 'up' }),
    '/ready': ready(needs),
    '/health-check': healthCheck(needs),
    '/metrics': metrics(needs),
  }

  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, async (request, response) => {
    const handler = handlers[request.url?.split('?', 1)[0] ?? '']
    if (handler === undefined) sendJson(response, 404, { status: 'not-found' })
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      sendJson(response.setHeader('allow', 'GET, HEAD'), 405, { status: 'method-not-allowed' })
    else await handler(response)
  })
  allowHalfOpen(server)
  return server
}

const ready =
  ({ isServing, source }: HealthNeeds): Handler =>
  async (response) => {
    const isReady = isServing() && isHealthy(await source.inspect(TIMEOUT_MS, true))
    sendJson(response, isReady ? 200 : 503, { status: isReady ? 'up' : 'down' })
  }

function healthCheck({ version, isServing, source }: HealthNeeds): Handler {
  const startedAt = performance.now()

  return async (response) => {
    const [results, stats] = await Promise.all([source.inspect(TIMEOUT_MS, false), source.stats()])
    const isUp = isServing() && isHealthy(results)
    const checks = Object.fromEntries(
      Object.entries(results).map(([name, { status, latencyMs, cause }]) => [
        name,
        { status, latencyMs, ...(cause === null ? {} : { cause }), ...stats.own[name], ...stats.shared[name] },
      ]),
    )
    const uptimeSeconds = Math.floor((performance.now() - startedAt) / 1000)
    sendJson(response, isUp ? 200 : 503, { status: statusOf(isUp, results), checks, version, uptimeSeconds })
  }
}

function statusOf(isUp: boolean, results: CheckResults): string {
  if (!isUp) return 'down'
  return Object.values(results).every(({ status }) => status === 'up') ? 'up' : 'degraded'
}

function metrics(needs: HealthNeeds): Handler {
  const read = metricsReader(needs)
  return async (response) => send(response, 200, METRICS_TYPE, metricsText(await read()))
}

const sendJson = (response: ServerResponse, status: number, body: object): void =>
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body))

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(text),
    'content-type': type,
    'x-content-type-options': 'nosniff',
  })
  response.end(text)
}

import { createServer, type Server, type ServerResponse } from 'node:http'
import { share } from '../../patterns/share.ts'
import { type Findings, isFit, PATIENCE_MS } from './check.ts'
import { type HealthSource, readMetrics } from './health-source.ts'
import { METRICS_TYPE, metricsText } from './metrics.ts'
import { serviceMetrics } from './service-metrics.ts'

export type HealthNeeds = Readonly<{
  version: string
  /** Whether requests are taken: not while starting, and not from the first moment of stopping. */
  isServing: () => boolean
  source: HealthSource
}>

type Answer = (response: ServerResponse) => Promise<void>

/** Health on a port of its own, which stays reachable when the service is busy or closed to the outside. */
export function createHealthServer(needs: HealthNeeds): Server {
  const answers: Readonly<Record<string, Answer>> = {
    '/live': async (response) => sendJson(response, 200, { status: 'up' }),
    '/ready': ready(needs),
    '/health-check': healthCheck(needs),
    '/metrics': metrics(needs),
  }

  return createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, async (request, response) => {
    const answer = answers[request.url?.split('?', 1)[0] ?? '']
    if (answer === undefined) sendJson(response, 404, { status: 'not-found' })
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      sendJson(response.setHeader('allow', 'GET, HEAD'), 405, { status: 'method-not-allowed' })
    else await answer(response)
  })
}

const ready =
  ({ isServing, source }: HealthNeeds): Answer =>
  async (response) => {
    const isReady = isServing() && isFit(await source.inspect(PATIENCE_MS, true))
    sendJson(response, isReady ? 200 : 503, { status: isReady ? 'up' : 'down' })
  }

function healthCheck({ version, isServing, source }: HealthNeeds): Answer {
  const startedAt = performance.now()

  return async (response) => {
    const [findings, figures] = await Promise.all([source.inspect(PATIENCE_MS, false), source.figures()])
    const isUp = isServing() && isFit(findings)
    const checks = Object.fromEntries(
      Object.entries(findings).map(([name, { status, latencyMs, cause }]) => [
        name,
        { status, latencyMs, ...(cause === null ? {} : { cause }), ...figures[name] },
      ]),
    )
    const uptimeSeconds = Math.floor((performance.now() - startedAt) / 1000)
    sendJson(response, isUp ? 200 : 503, { status: statusOf(isUp, findings), checks, version, uptimeSeconds })
  }
}

function statusOf(isUp: boolean, findings: Findings): string {
  if (!isUp) return 'down'
  return Object.values(findings).every(({ status }) => status === 'up') ? 'up' : 'degraded'
}

/** Those who ask at the same time share one reading. */
function metrics(needs: HealthNeeds): Answer {
  const own = serviceMetrics(needs)
  const read = share(async () => metricsText([...(await readMetrics(own)), ...(await needs.source.metrics())]))
  return async (response) => send(response, 200, METRICS_TYPE, await read())
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

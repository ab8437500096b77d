import { createServer, type Server, type ServerResponse } from 'node:http'

/** A part that the service stands on. `isRequired` parts take it out of service while they are down. */
export type Check = Readonly<{ ping: () => Promise<void>; isRequired: boolean }>

export type HealthNeeds = Readonly<{
  version: string
  /** Whether requests are taken: not while starting, and not from the first moment of stopping. */
  isServing: () => boolean
  checks: () => Readonly<Record<string, Check>>
}>

type Result = Readonly<{ status: 'up' | 'down'; latencyMs: number; isRequired: boolean }>

const PATIENCE_MS = 2_000

/** Health on a port of its own, which stays reachable when the service is busy or closed to the outside. */
export function createHealthServer(needs: HealthNeeds): Server {
  const startedAt = performance.now()

  const answers: Record<string, (response: ServerResponse) => Promise<void>> = {
    '/live': async (response) => send(response, 200, { status: 'up' }),

    '/ready': async (response) => {
      const isReady = needs.isServing() && !isOut(await run(needs.checks()))
      send(response, isReady ? 200 : 503, { status: isReady ? 'up' : 'down' })
    },

    '/health-check': async (response) => {
      const results = await run(needs.checks())
      const isUp = needs.isServing() && !isOut(results)
      const checks = Object.fromEntries(
        Object.entries(results).map(([name, { status, latencyMs }]) => [name, { status, latencyMs }]),
      )
      const uptimeSeconds = Math.floor((performance.now() - startedAt) / 1000)
      send(response, isUp ? 200 : 503, {
        status: statusOf(isUp, results),
        checks,
        version: needs.version,
        uptimeSeconds,
      })
    },
  }

  return createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, async (request, response) => {
    const answer = answers[request.url?.split('?', 1)[0] ?? '']
    if (answer === undefined) send(response, 404, { status: 'not-found' })
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      send(response.setHeader('allow', 'GET, HEAD'), 405, { status: 'method-not-allowed' })
    else await answer(response)
  })
}

const statusOf = (isUp: boolean, results: Readonly<Record<string, Result>>): string => {
  if (!isUp) return 'down'
  return Object.values(results).every(({ status }) => status === 'up') ? 'up' : 'degraded'
}

const isOut = (results: Readonly<Record<string, Result>>): boolean =>
  Object.values(results).some(({ status, isRequired }) => isRequired && status === 'down')

async function run(checks: Readonly<Record<string, Check>>): Promise<Readonly<Record<string, Result>>> {
  const results = Object.entries(checks).map(async ([name, check]) => [name, await measure(check)] as const)
  return Object.fromEntries(await Promise.all(results))
}

async function measure({ ping, isRequired }: Check): Promise<Result> {
  const start = performance.now()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(reject, PATIENCE_MS)
  const status = await Promise.race([ping(), late]).then(
    () => 'up' as const,
    () => 'down' as const,
  )
  clearTimeout(timer)
  return { status, latencyMs: Math.round((performance.now() - start) * 10) / 10, isRequired }
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(text),
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
  })
  response.end(text)
}

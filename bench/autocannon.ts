import autocannon, { type Options, type Request, type Result } from 'autocannon'
import { CONNECTIONS, type Measured, type Target, type Window } from './load.ts'
import { postInTurn } from './scenarios.ts'

/** The slowest candidates need seconds for a delete while 64 callers wait, which is no failure. */
const TIMEOUT_S = 120

export async function driveByAutocannon({ url, scenario, tokens }: Target, window: Window): Promise<Measured> {
  let turn = window.firstTurn

  const next = (request: Request): Request => {
    const step = scenario.steps[turn % scenario.steps.length]
    const { id, owner } = postInTurn(scenario, turn++)
    const body = step?.body?.replace('{post}', id)
    return {
      ...request,
      method: step?.method ?? 'GET',
      path: step?.path.replace('{post}', id) ?? '/',
      headers: {
        authorization: `Bearer ${tokens[owner]}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...step?.headers,
      },
      ...(body === undefined ? {} : { body }),
    }
  }

  const extent = 'requests' in window ? { amount: window.requests } : { duration: window.seconds }
  const options = { url, connections: CONNECTIONS, timeout: TIMEOUT_S, requests: [{ setupRequest: next }], ...extent }
  const { result, untilLastAnswer } = await run(options)
  const seconds = 'requests' in window ? untilLastAnswer : result.duration

  const { p50, p99 } = result.latency
  const requests = result.requests.total
  return { perSecond: requests / seconds, p50, p99, requests, failures: result['4xx'] + result['5xx'] + result.errors }
}

/** It ends with a whole second, long after the last of a counted number of answers: that moment is noted in seconds. */
function run(options: Options): Promise<Readonly<{ result: Result; untilLastAnswer: number }>> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    let last = start
    const running = autocannon(options, (error, result) => {
      if (error) reject(error)
      else resolve({ result, untilLastAnswer: (last - start) / 1000 })
    })
    running.on('response', () => {
      last = performance.now()
    })
  })
}

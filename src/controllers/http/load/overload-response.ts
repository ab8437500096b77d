import type { IncomingMessage, ServerResponse } from 'node:http'
import { pathOf } from '../path.ts'
import { CODES, PROBLEM_TYPE, problem, problemSummary } from '../problem.ts'
import { BASE_HEADERS, requestIdOf } from '../request-guards.ts'

const [STATUS] = CODES.overloaded
const HEADERS = [...Object.entries(BASE_HEADERS).flat(), 'content-type', PROBLEM_TYPE, 'retry-after', '2']

/** The cheapest answer: no routing, no authentication, no body. The connection stays, as a new one costs more than this. */
export function sendOverloaded({ headers, url = '' }: IncomingMessage, response: ServerResponse): void {
  const requestId = requestIdOf({ headers })
  const body = JSON.stringify(problem(problemSummary('overloaded'), { instance: pathOf({ url }), requestId }))
  response.writeHead(STATUS, [...HEADERS, 'content-length', String(Buffer.byteLength(body)), 'x-request-id', requestId])
  response.end(body)
}

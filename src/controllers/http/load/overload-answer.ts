import type { IncomingMessage, ServerResponse } from 'node:http'
import { BASE_HEADERS, requestIdOf } from '../doorkeeping.ts'
import { pathOf } from '../path.ts'
import { CODES, PROBLEM_TYPE, problem, refusalOf } from '../problem.ts'

const [STATUS] = CODES.overloaded
const HEADERS = [...Object.entries(BASE_HEADERS).flat(), 'content-type', PROBLEM_TYPE, 'retry-after', '2']

/** The cheapest answer: no routing, no authentication, no body. The connection stays, as a new one costs more than this. */
export function refuseOverload({ headers, url = '' }: IncomingMessage, response: ServerResponse): void {
  const requestId = requestIdOf({ headers })
  const body = JSON.stringify(problem(refusalOf('overloaded'), { instance: pathOf({ url }), requestId }))
  response.writeHead(STATUS, [...HEADERS, 'content-length', String(Buffer.byteLength(body)), 'x-request-id', requestId])
  response.end(body)
}

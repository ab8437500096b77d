import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { AccessLog } from './access-log.ts'
import { ipAddress } from './client/networks.ts'
import { afterEarlierResponses } from './pending-response.ts'
import { CODES, PROBLEM_TYPE, type ProblemCode, problem, problemSummary } from './problem.ts'
import { BASE_HEADERS } from './request-guards.ts'

const CODE_BY_PARSER_ERROR: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload-too-large',
}

const UNKNOWN = {
  ...{ method: 'unknown', route: 'unknown', url: '', milliseconds: 0 },
  ...{ traceId: null, spanId: null, userId: null, username: null },
}

/**
 * Answers what never became a request (RFC 9112), after the requests before it, and closes the connection, as nothing
 * after it can be trusted.
 */
export const clientErrorHandler =
  (write: AccessLog) =>
  (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.isPaused()) return // paused by this service

    const code = CODE_BY_PARSER_ERROR[error.code ?? ''] ?? 'malformed-request'
    const [status] = CODES[code]
    const id = randomUUID()
    afterEarlierResponses(socket, () => {
      socket.end(answerText(code, id), () => socket.destroy())
      const clientAddress = ipAddress(socket.remoteAddress ?? '')
      write({ ...UNKNOWN, id, status, clientAddress, failure: error })
    })
  }

function answerText(code: ProblemCode, requestId: string): string {
  const [status] = CODES[code]
  const body = JSON.stringify(problem(problemSummary(code), { instance: '', requestId }))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(BASE_HEADERS).map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${requestId}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

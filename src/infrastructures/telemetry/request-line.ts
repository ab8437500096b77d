import type { Logger } from 'pino'
import { reasonOf } from '../../patterns/reason.ts'
import { traceFields } from './logger.ts'

export type RequestSummary = Readonly<{
  id: string
  traceId: string | null
  spanId: string | null
  method: string
  route: string
  url: string
  status: number
  milliseconds: number
  userId: string | null
  username: string | null
  clientAddress: string | null
  failure: unknown
}>

/** Writes the one line of a request. An internal failure is logged with its stack, a refusal with its reason. */
export function requestLine(logger: Logger): (request: RequestSummary) => void {
  return ({ id, traceId, spanId, method, route, status, milliseconds, userId, clientAddress, failure }) => {
    const level = levelOf(route, status)
    if (!logger.isLevelEnabled(level)) return

    const fields = {
      'http.request.id': id,
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'event.duration': Math.round(milliseconds * 1e6),
      ...traceFields({ traceId, spanId }),
      ...(userId === null ? {} : { 'user.id': userId }),
      ...(clientAddress === null ? {} : { 'client.ip': clientAddress }),
      ...(failure instanceof Error ? failureFields(failure, status >= 500) : {}),
    }
    logger[level](fields, `${method} ${route} ${status}`)
  }
}

/** Files of the documentation pages and the development issuer are logged at debug, so that calls of the API stand out. */
const ASIDE = /^\/(?:docs|redoc|issuer)(?:\/|$)/

export function levelOf(route: string, status: number): 'error' | 'info' | 'debug' {
  if (status >= 500) return 'error'
  return status < 400 && ASIDE.test(route) ? 'debug' : 'info'
}

/** The fields of a failure: everything of an internal one, only the reason of a refusal. */
export function failureFields(failure: Error, isOurs: boolean): Readonly<Record<string, string>> {
  if (!isOurs) return { 'event.reason': failure.message }
  const cause = failure.cause instanceof Error ? failure.cause : failure
  return {
    'error.type': cause.name,
    'error.message': reasonOf(cause),
    'error.stack_trace': cause.stack ?? '',
  }
}

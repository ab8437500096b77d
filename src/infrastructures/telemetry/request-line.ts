import type { Logger } from 'pino'
import { reasonOf } from '../../patterns/reason.ts'

type Answered = Readonly<{
  id: string
  method: string
  route: string
  status: number
  milliseconds: number
  userId: string | null
  clientAddress: string | null
  failure: unknown
}>

/** Writes the one line of a request. Failures of our own come with their stack, refused callers with the reason. */
export function requestLine(logger: Logger): (answered: Answered) => void {
  return ({ id, method, route, status, milliseconds, userId, clientAddress, failure }) => {
    const level = status >= 500 ? 'error' : 'info'
    if (!logger.isLevelEnabled(level)) return

    const fields = {
      'http.request.id': id,
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'event.duration': Math.round(milliseconds * 1e6),
      ...(userId === null ? {} : { 'user.id': userId }),
      ...(clientAddress === null ? {} : { 'client.ip': clientAddress }),
      ...(failure instanceof Error ? failureFields(failure, status >= 500) : {}),
    }
    logger[level](fields, `${method} ${route} ${status}`)
  }
}

/** What a line says of a failure: of our own all, of others the reason. */
export function failureFields(failure: Error, isOurs: boolean): Readonly<Record<string, string>> {
  if (!isOurs) return { 'event.reason': failure.message }
  const cause = failure.cause instanceof Error ? failure.cause : failure
  return {
    'error.type': cause.name,
    'error.message': reasonOf(cause),
    'error.stack_trace': cause.stack ?? '',
  }
}

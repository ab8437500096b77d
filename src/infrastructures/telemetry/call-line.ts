import type { Logger } from 'pino'
import { traceFields } from './logger.ts'
import { failureFields } from './request-line.ts'

type CallSummary = Readonly<{
  id: string
  traceId: string | null
  spanId: string | null
  method: string
  status: number
  milliseconds: number
  userId: string | null
  clientAddress: string | null
  failure: unknown
}>

/** The gRPC statuses of server errors: INTERNAL and UNAVAILABLE. */
const OUR_FAULT: ReadonlySet<number> = new Set([13, 14])

/** Writes the one line of a call over gRPC. An internal failure is logged with its stack, a refusal with its reason. */
export function callLine(logger: Logger): (call: CallSummary) => void {
  return ({ id, traceId, spanId, method, status, milliseconds, userId, clientAddress, failure }) => {
    const isOurs = OUR_FAULT.has(status) && failure !== null
    const level = isOurs ? 'error' : 'info'
    if (!logger.isLevelEnabled(level)) return

    const [, service, name] = method.split('/')
    const fields = {
      'http.request.id': id,
      'rpc.system': 'grpc',
      'rpc.service': service,
      'rpc.method': name,
      'rpc.grpc.status_code': status,
      'event.duration': Math.round(milliseconds * 1e6),
      ...traceFields({ traceId, spanId }),
      ...(userId === null ? {} : { 'user.id': userId }),
      ...(clientAddress === null ? {} : { 'client.ip': clientAddress }),
      ...(failure instanceof Error ? failureFields(failure, isOurs) : {}),
    }
    logger[level](fields, `gRPC ${method} ${status}`)
  }
}

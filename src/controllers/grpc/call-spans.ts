import type { SpanEnd, SpanStart } from '../../patterns/tracing.ts'
import { STATUS } from './status.ts'

/** The span of a call, which goes on with the trace of its caller. */
export function startOf(path: string, traceparent: string | undefined): SpanStart {
  const [, service = '', method = ''] = path.split('/')
  return {
    name: `${service}/${method}`,
    kind: 'server',
    parent: traceparent ?? null,
    attributes: { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method },
  }
}

/** Statuses that say that the fault is the server's, by the semantic conventions. */
const FAILURES: ReadonlySet<number> = new Set([
  STATUS.deadlineExceeded,
  STATUS.unimplemented,
  STATUS.internal,
  STATUS.unavailable,
])

export const endOf = (status: number): SpanEnd => ({
  isFailed: FAILURES.has(status),
  attributes: {
    'rpc.grpc.status_code': status,
    ...(FAILURES.has(status) ? { 'error.type': String(status) } : {}),
  },
})

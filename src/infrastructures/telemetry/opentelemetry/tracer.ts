import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Context,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { parseTraceparent, type Span, type SpanStart, type Tracer } from '../../../patterns/tracing.ts'

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const satisfies Record<SpanStart['kind'], SpanKind>

type Active = Span & Readonly<{ context: Context }>

/** Spans of OpenTelemetry. The current span follows asynchronous calls. */
export function createTracer(otel: OtelTracer): Tracer {
  const active = new AsyncLocalStorage<Active>()

  return {
    start({ name, kind, attributes, parent }) {
      const context = parent === undefined ? (active.getStore()?.context ?? ROOT_CONTEXT) : remote(parent)
      const span = otel.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, context)
      const { traceId, spanId, traceFlags } = span.spanContext()
      return {
        traceId,
        spanId,
        context: trace.setSpan(context, span),
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
        end({ name, attributes, isFailed = false } = {}) {
          if (name !== undefined) span.updateName(name)
          if (attributes !== undefined) span.setAttributes({ ...attributes })
          if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      } satisfies Active
    },

    run: (span, task) => active.run(span as Active, task),
    current: () => active.getStore() ?? null,
    traceparent: () => active.getStore()?.traceparent ?? null,
  }
}

function remote(traceparent: string | null): Context {
  const parent = parseTraceparent(traceparent)
  if (parent === null) return ROOT_CONTEXT
  const { traceId, spanId, flags } = parent
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flags & 1, isRemote: true })
}

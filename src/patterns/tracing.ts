/** The attributes of a span: low-cardinality texts and numbers, and nothing about people. */
export type Attributes = Readonly<Record<string, string | number>>

export type SpanStart = Readonly<{
  name: string
  kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal'
  attributes: Attributes
  /** The parent as a `traceparent` of W3C Trace Context: undefined for the current span, null for a new trace. */
  parent?: string | null
}>

export type SpanEnd = Readonly<{ name?: string; attributes?: Attributes; isFailed?: boolean }>

/** A part of the work that a trace shows. It ends once. */
export interface Span {
  readonly traceId: string
  readonly spanId: string
  /** This span as a `traceparent` of W3C Trace Context. */
  readonly traceparent: string
  end(end?: SpanEnd): void
}

/** Records in spans where the time of a request goes. No request waits for the collector. */
export interface Tracer {
  start(span: SpanStart): Span
  /** Runs a task, and all that it awaits, as part of a span. */
  run<Result>(span: Span, task: () => Result): Result
  current(): Span | null
  /** The `traceparent` of the current span, for what continues its trace; null outside of spans. */
  traceparent(): string | null
}

/** Runs a task as a span of its own. */
export async function withSpan<Result>(tracer: Tracer, start: SpanStart, task: () => Promise<Result>): Promise<Result> {
  const span = tracer.start(start)
  try {
    const result = await tracer.run(span, task)
    span.end()
    return result
  } catch (error) {
    span.end({ isFailed: true, attributes: { 'error.type': errorType(error) } })
    throw error
  }
}

/** The name of the error's class. */
export const errorType = (error: unknown): string => (error instanceof Error ? error.constructor.name : typeof error)

export type TraceContext = Readonly<{ traceId: string; spanId: string; flags: number }>

const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/

/** Parses a `traceparent`; null for one that W3C Trace Context says to ignore. */
export function parseTraceparent(text: unknown): TraceContext | null {
  if (typeof text !== 'string') return null
  const [, version, traceId, spanId, flags = '', more] = TRACEPARENT.exec(text) ?? []
  if (traceId === undefined || spanId === undefined || (version === '00' && more !== undefined)) return null
  return { traceId, spanId, flags: Number.parseInt(flags, 16) }
}

/** What a span tells besides its name: words and numbers of which there are few, and nothing about people. */
export type Attributes = Readonly<Record<string, string | number>>

export type SpanStart = Readonly<{
  name: string
  kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal'
  attributes: Attributes
  /** What it goes on with, as W3C Trace Context writes it: undefined for the span that runs now, null for a new trace. */
  parent?: string | null
}>

export type SpanEnd = Readonly<{ name?: string; attributes?: Attributes; isFailed?: boolean }>

/** A part of the work that a trace shows. It ends once. */
export interface Span {
  readonly traceId: string
  readonly spanId: string
  /** Itself, as W3C Trace Context writes it. */
  readonly traceparent: string
  end(end?: SpanEnd): void
}

/** Tells, by spans, where the time of a request goes. Nobody waits for whoever collects them. */
export interface Tracer {
  start(span: SpanStart): Span
  /** Runs a task, and all that it awaits, as part of a span. */
  run<Result>(span: Span, task: () => Result): Result
  current(): Span | null
  /** What the work of now hands on to those who go on with it. */
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

/** Of errors that are told apart by their class alone, its name. */
export const errorType = (error: unknown): string => (error instanceof Error ? error.constructor.name : typeof error)

export type TraceContext = Readonly<{ traceId: string; spanId: string; flags: number }>

const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/

/** What a `traceparent` says; null for one that W3C Trace Context says to ignore. */
export function parseTraceparent(text: unknown): TraceContext | null {
  if (typeof text !== 'string') return null
  const [, version, traceId, spanId, flags = '', more] = TRACEPARENT.exec(text) ?? []
  if (traceId === undefined || spanId === undefined || (version === '00' && more !== undefined)) return null
  return { traceId, spanId, flags: Number.parseInt(flags, 16) }
}

import { readFile } from 'node:fs/promises'
import { until } from './command.ts'
import { collector } from './engines.ts'

/** A span, as the collector received it. */
export type CollectedSpan = Readonly<{
  traceId: string
  spanId: string
  parentSpanId?: string
  kind: number
  name: string
  attributes: Readonly<Record<string, unknown>>
  resource: Readonly<Record<string, unknown>>
  isFailed: boolean
}>

/** Settings of a service that sends its traces at once, to the collector of the tests or to another address. */
export const tracedTo = (url = collector?.url ?? ''): Readonly<Record<string, string>> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_BSP_SCHEDULE_DELAY: '50',
})

let lastTrace = 0

/** The context of a caller with a trace of its own. */
export function newTrace() {
  const number = `${process.pid.toString(16)}${Date.now().toString(16)}${(++lastTrace).toString(16)}`
  const traceId = number.padStart(32, 'a')
  return { traceId, parentSpanId: 'b7ad6b7169203331', traceparent: `00-${traceId}-b7ad6b7169203331-01` }
}

/** All spans of a trace, once the collector has one of each name: a span leaves when it ends, its parents later. */
export async function spansOf(traceId: string, ...names: readonly string[]): Promise<readonly CollectedSpan[]> {
  let spans: readonly CollectedSpan[] = []
  await until(`spans ${names}`, async () => {
    spans = (await collectedSpans()).filter((span) => span.traceId === traceId)
    return names.every((name) => spans.some((span) => span.name === name))
  })
  return spans
}

/** All that the collector received so far. */
export async function collectedSpans(): Promise<readonly CollectedSpan[]> {
  return (await exportedIn<Exported>(collector?.traces)).flatMap(({ resourceSpans }) => resourceSpans.flatMap(spansIn))
}

/** All that the collector has written whole into one of its files. */
export async function exportedIn<Request>(file = ''): Promise<readonly Request[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Request)
}

export type Attribute = Readonly<{ key: string; value: Readonly<Record<string, unknown>> }>
type Raw = Omit<CollectedSpan, 'attributes' | 'resource' | 'isFailed'> &
  Readonly<{ attributes?: readonly Attribute[]; status: Readonly<{ code?: number }> }>
type ResourceSpans = Readonly<{
  resource: Readonly<{ attributes?: readonly Attribute[] }>
  scopeSpans: readonly Readonly<{ spans: readonly Raw[] }>[]
}>
type Exported = Readonly<{ resourceSpans: readonly ResourceSpans[] }>

const FAILED = 2

const spansIn = ({ resource, scopeSpans }: ResourceSpans): readonly CollectedSpan[] =>
  scopeSpans.flatMap(({ spans }) =>
    spans.map(({ attributes, status, ...span }) => ({
      ...span,
      attributes: recordOf(attributes),
      resource: recordOf(resource.attributes),
      isFailed: status.code === FAILED,
    })),
  )

export const recordOf = (attributes: readonly Attribute[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

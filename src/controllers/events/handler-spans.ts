import { type SpanStart, type Tracer, withSpan } from '../../patterns/tracing.ts'
import type { CloudEvent } from './cloud-event.ts'

/** The queue as the semantic conventions call it. */
export type EventTracing = Readonly<{ tracer: Tracer; system: string }>

/** Shows how a consumer takes an event, and within that what its handler does, as part of the trace that raised it. */
export const withHandlerSpans = <Result>(
  { tracer, system }: EventTracing,
  consumer: string,
  event: CloudEvent,
  handle: () => Promise<Result>,
): Promise<Result> =>
  withSpan(tracer, processing(system, consumer, event), () =>
    withSpan(
      tracer,
      { name: `${consumer} ${event.type}`, kind: 'internal', attributes: { 'cloudevents.event_type': event.type } },
      handle,
    ),
  )

const processing = (system: string, consumer: string, { id, type, source, traceparent }: CloudEvent): SpanStart => ({
  name: `process ${type}`,
  kind: 'consumer',
  parent: typeof traceparent === 'string' ? traceparent : null,
  attributes: {
    'messaging.system': system,
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
    'messaging.destination.name': type,
    'messaging.consumer.group.name': consumer,
    'messaging.message.id': id,
    'cloudevents.event_id': id,
    'cloudevents.event_source': source,
    'cloudevents.event_type': type,
  },
})

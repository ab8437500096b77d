import { errorType, type Span, type Tracer } from '../../patterns/tracing.ts'
import type { EventEnvelope } from './cloud-events.ts'

type Publish = (events: readonly EventEnvelope[]) => Promise<readonly EventEnvelope[]>

/** Shows the publishing of each event as part of the trace that raised it; of those without one, nothing. */
export const withPublishSpans =
  (tracer: Tracer, system: string, publish: Publish): Publish =>
  async (events) => {
    const spans = events.filter(({ traceparent }) => traceparent != null).map((event) => start(tracer, system, event))
    try {
      const unconfirmed = await publish(events)
      for (const span of spans) span.end()
      return unconfirmed
    } catch (error) {
      for (const span of spans) span.end({ isFailed: true, attributes: { 'error.type': errorType(error) } })
      throw error
    }
  }

const start = (tracer: Tracer, system: string, { id, type, traceparent = null }: EventEnvelope): Span =>
  tracer.start({
    name: `publish ${type}`,
    kind: 'producer',
    parent: traceparent,
    attributes: {
      'messaging.system': system,
      'messaging.operation.type': 'send',
      'messaging.operation.name': 'publish',
      'messaging.destination.name': type,
      'messaging.message.id': id,
      'cloudevents.event_id': id,
      'cloudevents.event_type': type,
    },
  })

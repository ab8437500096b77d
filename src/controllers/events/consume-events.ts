import { InvalidInput } from '../../domains/errors/input-errors.ts'
import type { InboxReader } from '../../domains/ports/inbox.ts'
import type { Delivery, MessageQueue, Subscription } from '../../domains/ports/message-queue.ts'
import { hasDifferentPayload } from '../../domains/services/payload-mismatch.ts'
import { CloudEvent } from './cloud-event.ts'
import type { EventConsumer, EventHandler } from './event-consumer.ts'
import { type EventTracing, withHandlerSpans } from './handler-spans.ts'
import { malformedEvent } from './malformed-event.ts'

/** The outcome of an event: it took effect, did so before, has no handler here, or had another payload before. */
type Outcome = 'handled' | 'duplicate' | 'ignored' | 'mismatched'

/** Outcomes since the start, and the number of redeliveries. */
export type EventStats = Readonly<Record<Outcome | 'redelivered', number>>

type Handled = Readonly<{ consumer: string; type: string; outcome: Outcome | 'failed'; milliseconds: number }>

type Needs = Readonly<{
  queue: MessageQueue
  inbox: InboxReader
  consumers: readonly EventConsumer[]
  /** Called for each failure, which the queue then handles, and for each event that arrived again with another payload. */
  onError: (error: unknown) => void
  /** Called for each event that concerns a consumer, with its duration and outcome. */
  onHandled?: (handled: Handled) => void
  /** Without it, nothing is traced. */
  tracing?: EventTracing | null
}>

/** Delivers each event once to each consumer. A consumer acknowledges events without a handler at once. */
export async function consumeEvents(needs: Needs): Promise<Subscription & Readonly<{ stats: EventStats }>> {
  const stats = { handled: 0, duplicate: 0, ignored: 0, mismatched: 0, redelivered: 0 }

  const subscriptions = await Promise.all(
    needs.consumers.map((consumer) => {
      const handle = createHandler(consumer, needs)

      return needs.queue.consume(consumer, async ({ body, attempt }: Delivery): Promise<void> => {
        if (attempt > 1) stats.redelivered++
        try {
          stats[await handle(CloudEvent.parse(body))]++
        } catch (error) {
          const failure = error instanceof InvalidInput ? malformedEvent(`${error.field} ${error.message}`) : error
          needs.onError(failure)
          throw failure
        }
      })
    }),
  )

  return {
    stats,
    async stop() {
      await Promise.all(subscriptions.map(({ stop }) => stop()))
    },
  }
}

function createHandler(
  { name, handlers, majors = {} }: EventConsumer,
  { inbox, onError, onHandled = () => {}, tracing = null }: Needs,
) {
  const byType = new Map(Object.entries(handlers))

  async function apply(handle: EventHandler, event: CloudEvent): Promise<Outcome> {
    const state = CloudEvent.stateOf(event, majors[event.type])
    const { id, subject, digest } = event
    const message = { consumer: name, id, subject, version: state.version, digest }
    if (await handle(message, state)) return 'handled'
    if (!(await hasDifferentPayload(inbox, message))) return 'duplicate'

    onError(new Error(`The event ${id} arrived again with another payload, which was ignored.`))
    return 'mismatched'
  }

  return async (event: CloudEvent): Promise<Outcome> => {
    const handle = byType.get(event.type)
    if (handle === undefined) return 'ignored'
    const startedAt = performance.now()
    let outcome: Outcome | 'failed' = 'failed'
    try {
      outcome = await (tracing === null
        ? apply(handle, event)
        : withHandlerSpans(tracing, name, event, () => apply(handle, event)))
      return outcome
    } finally {
      onHandled({ consumer: name, type: event.type, outcome, milliseconds: performance.now() - startedAt })
    }
  }
}

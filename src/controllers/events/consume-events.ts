import { InvalidInput } from '../../domains/errors/input-errors.ts'
import type { InboxReader } from '../../domains/ports/inbox.ts'
import type { Consumption, Delivery, MessageQueue } from '../../domains/ports/message-queue.ts'
import { isAltered } from '../../domains/services/altered-messages.ts'
import { CloudEvent } from './cloud-event.ts'
import type { EventConsumer } from './event-consumer.ts'
import { undecodable } from './undecodable.ts'

/** What became of an event: took effect; had done so before; concerns nobody here; had another text before. */
type Outcome = 'handled' | 'repeated' | 'ignored' | 'altered'

/** Outcomes since the start, and deliveries of what had been delivered before. */
export type EventFigures = Readonly<Record<Outcome | 'redelivered', number>>

type Needs = Readonly<{
  queue: MessageQueue
  inbox: InboxReader
  consumers: readonly EventConsumer[]
  /** Told of each failure, after which the queue knows what to do, and of each event that came again with another text. */
  onTrouble: (error: unknown) => void
}>

/** Lets each consumer hear, once, of what was announced. What does not concern it is done at once. */
export async function consumeEvents(needs: Needs): Promise<Consumption & Readonly<{ figures: EventFigures }>> {
  const figures = { handled: 0, repeated: 0, ignored: 0, altered: 0, redelivered: 0 }

  const consumptions = await Promise.all(
    needs.consumers.map((consumer) => {
      const handle = handling(consumer, needs)

      return needs.queue.consume(consumer, async ({ body, attempt }: Delivery): Promise<void> => {
        if (attempt > 1) figures.redelivered++
        try {
          figures[await handle(CloudEvent.parse(body))]++
        } catch (error) {
          const failure = error instanceof InvalidInput ? undecodable(`${error.field} ${error.message}`) : error
          needs.onTrouble(failure)
          throw failure
        }
      })
    }),
  )

  return {
    figures,
    async stop() {
      await Promise.all(consumptions.map(({ stop }) => stop()))
    },
  }
}

function handling({ name, handlers, majors = {} }: EventConsumer, { inbox, onTrouble }: Needs) {
  const byType = new Map(Object.entries(handlers))

  return async (event: CloudEvent): Promise<Outcome> => {
    const handle = byType.get(event.type)
    if (handle === undefined) return 'ignored'

    const state = CloudEvent.stateOf(event, majors[event.type])
    const { id, subject, digest } = event
    const message = { consumer: name, id, subject, version: state.version, digest }
    if (await handle(message, state)) return 'handled'
    if (!(await isAltered(inbox, message))) return 'repeated'

    onTrouble(new Error(`The event ${id} came again with another text, which was ignored.`))
    return 'altered'
  }
}

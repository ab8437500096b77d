import { InvalidInput } from '../../domains/errors/input-errors.ts'
import type { Consumer, Consumption, Delivery, MessageQueue } from '../../domains/ports/message-queue.ts'
import type { NotificationService } from '../../domains/services/notification-service.ts'
import { CloudEvent } from './cloud-event.ts'
import { commentWritten } from './comment-written.ts'
import type { EventHandler } from './event-handler.ts'
import { undecodable } from './undecodable.ts'

/** What became of an event: took effect; had done so before; concerns nobody here; had another text before. */
type Outcome = 'handled' | 'repeated' | 'ignored' | 'altered'

/** Outcomes since the start, and deliveries of what had been delivered before. */
export type EventFigures = Readonly<Record<Outcome | 'redelivered', number>>

type Needs = Readonly<{
  queue: MessageQueue
  notifications: Pick<NotificationService, 'commentWritten' | 'isAltered'>
  /** Told of each failure, after which the queue knows what to do, and of each event that came again with another text. */
  onTrouble: (error: unknown) => void
}>

const NOTIFICATIONS: Consumer = { name: 'notifications', attempts: 5, timeoutMs: 5_000 }

/** What the queue keeps messages for, also before they are first consumed. */
export const CONSUMER_NAMES: readonly string[] = [NOTIFICATIONS.name]

/** Lets the services hear, once, of what was announced. What concerns none of them is done at once. */
export async function consumeEvents(needs: Needs): Promise<Consumption & Readonly<{ figures: EventFigures }>> {
  const figures = { handled: 0, repeated: 0, ignored: 0, altered: 0, redelivered: 0 }
  const handle = notifying(needs)

  async function hear({ body, attempt }: Delivery): Promise<void> {
    if (attempt > 1) figures.redelivered++
    try {
      figures[await handle(CloudEvent.parse(body))]++
    } catch (error) {
      const failure = error instanceof InvalidInput ? undecodable(`${error.field} ${error.message}`) : error
      needs.onTrouble(failure)
      throw failure
    }
  }

  return { ...(await needs.queue.consume(NOTIFICATIONS, hear)), figures }
}

function notifying({ notifications, onTrouble }: Needs): (event: CloudEvent) => Promise<Outcome> {
  const handlers = tableOf({ 'comment.written': commentWritten(notifications) })

  return async (event) => {
    const handle = handlers.get(event.type)
    if (handle === undefined) return 'ignored'

    const state = CloudEvent.stateOf(event)
    const { id, subject, digest } = event
    const message = { consumer: NOTIFICATIONS.name, id, subject, version: state.version, digest }
    if (await handle(message, state)) return 'handled'
    if (!(await notifications.isAltered(message))) return 'repeated'

    onTrouble(new Error(`The event ${id} came again with another text, which was ignored.`))
    return 'altered'
  }
}

const tableOf = (handlers: Readonly<Record<string, EventHandler>>): ReadonlyMap<string, EventHandler> =>
  new Map(Object.entries(handlers))

import type { IncomingMessage } from '../../domains/ports/inbox.ts'
import type { Consumer } from '../../domains/ports/message-queue.ts'
import type { State } from './cloud-event.ts'

/** Makes an event take effect, once. False when it had done so before, or a later one of its subject had. */
export type EventHandler = (message: IncomingMessage, state: State) => Promise<boolean>

/** Who consumes events: its name at the queue, and what it does with events of each type. Others do not concern it. */
export type EventConsumer = Consumer &
  Readonly<{
    handlers: Readonly<Record<string, EventHandler>>
    /** The major version of the schema that it reads, by type: 1 where none is named. */
    majors?: Readonly<Record<string, number>>
  }>

import type { IncomingMessage } from '../../domains/ports/inbox.ts'
import type { Consumer } from '../../domains/ports/message-queue.ts'
import type { State } from './cloud-event.ts'

/** Applies an event once. False if it was applied before, or a later one of its subject was. */
export type EventHandler = (message: IncomingMessage, state: State) => Promise<boolean>

/** A consumer of events: its name at the queue, and its handlers by type. It ignores other types. */
export type EventConsumer = Consumer &
  Readonly<{
    handlers: Readonly<Record<string, EventHandler>>
    /** The major version of the schema that it reads, by type: 1 where none is named. */
    majors?: Readonly<Record<string, number>>
  }>

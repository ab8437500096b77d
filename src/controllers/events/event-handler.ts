import type { IncomingMessage } from '../../domains/ports/inbox.ts'
import type { State } from './cloud-event.ts'

/** Makes an event take effect, once. False when it had done so before, or a later one of its subject had. */
export type EventHandler = (message: IncomingMessage, state: State) => Promise<boolean>

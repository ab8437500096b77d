import type { JsMsg } from '@nats-io/jetstream'
import { groupCommit } from '../../../patterns/group-commit.ts'
import { REQUEST_TIMEOUT_MS } from './connect.ts'

/**
 * Resolves once the server has confirmed the acknowledgement of a message. It processes those of one connection in order, so a
 * confirmation is requested only for the last of a batch: of those that came while the previous one was outstanding.
 */
export const acknowledger = (): ((message: JsMsg) => Promise<void>) =>
  groupCommit<JsMsg>(async (messages) => {
    for (const message of messages.slice(0, -1)) message.ack()
    const isConfirmed = await messages.at(-1)?.ackAck({ timeout: REQUEST_TIMEOUT_MS })
    if (!isConfirmed) throw new Error('NATS did not confirm an acknowledgement.')
  }, setImmediate)

import type { JsMsg } from '@nats-io/jetstream'
import { groupCommit } from '../../../patterns/group-commit.ts'
import { REQUEST_TIMEOUT_MS } from './connect.ts'

/**
 * Resolves once the server has confirmed the acknowledgement of a message. It takes those of one connection in their order, so
 * that it is asked to confirm only the last of all that come while it confirms the ones before.
 */
export const acknowledger = (): ((message: JsMsg) => Promise<void>) =>
  groupCommit<JsMsg>(async (messages) => {
    for (const message of messages.slice(0, -1)) message.ack()
    const isConfirmed = await messages.at(-1)?.ackAck({ timeout: REQUEST_TIMEOUT_MS })
    if (!isConfirmed) throw new Error('NATS did not confirm an acknowledgement.')
  }, setImmediate)

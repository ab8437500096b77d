import type { Subscription } from '../../domains/ports/message-queue.ts'
import { ServerSetupError } from '../connection/server-setup-error.ts'
import type { QueueClient, ReconnectingClient } from './reconnecting-client.ts'
import { backoff, pause } from './time.ts'

const MIN_BACKOFF_MS = 50
const MAX_BACKOFF_MS = 3_000

/** Consumes over one connection: ends when it is lost, or when `stopping` aborts and all handlers have ended. */
export type Session<Open extends QueueClient> = (client: Open, stopping: AbortSignal) => Promise<void>

export type ConsumerOptions<Open extends QueueClient> = Readonly<{
  reconnecting: ReconnectingClient<Open>
  /** Makes the queue keep messages for the consumer from now on. */
  declare: (client: Open) => Promise<void>
  session: Session<Open>
  onError: (error: Error) => void
}>

/**
 * Runs one session after the other until it is stopped. Resolves when the queue has declared the consumer, or at once when
 * the queue is down: then it declares the consumer as soon as the queue is back.
 *
 * @throws {ServerSetupError}
 */
export async function startReconnectingConsumer<Open extends QueueClient>(
  options: ConsumerOptions<Open>,
): Promise<Subscription> {
  const { reconnecting, declare, session, onError } = options
  const stopping = new AbortController()

  async function consume(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      const client = await reconnecting.next(stopping.signal)
      if (client === null) return
      const startedAt = performance.now()
      await session(client, stopping.signal).catch(onError)
      if (performance.now() - startedAt > MAX_BACKOFF_MS) failures = 0
      await pause(backoff(failures, MIN_BACKOFF_MS, MAX_BACKOFF_MS), stopping.signal)
    }
  }

  try {
    await declare(reconnecting.client())
  } catch (error) {
    if (error instanceof ServerSetupError) throw error
  }
  const ended = consume()

  return {
    stop() {
      stopping.abort()
      return ended
    },
  }
}

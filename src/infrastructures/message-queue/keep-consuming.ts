import type { Consumption } from '../../domains/ports/message-queue.ts'
import { ServerRefused } from '../connection/server-refused.ts'
import type { Connected, Link } from './keep-connected.ts'
import { growing, pause } from './time.ts'

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 3_000

/** A time of consuming over one connection: ends when it is lost, or when `stopping` says so and all handlers ended. */
export type Session<Open extends Link> = (link: Open, stopping: AbortSignal) => Promise<void>

export type Consuming<Open extends Link> = Readonly<{
  connected: Connected<Open>
  /** Makes the queue keep messages for the consumer from now on. */
  declare: (link: Open) => Promise<void>
  session: Session<Open>
  onTrouble: (error: Error) => void
}>

/**
 * One session after the other until it is stopped. Resolves when the queue knows of the consumer, or at once when the
 * queue is away: it is then told as soon as it is back.
 *
 * @throws {ServerRefused}
 */
export async function keepConsuming<Open extends Link>(consuming: Consuming<Open>): Promise<Consumption> {
  const { connected, declare, session, onTrouble } = consuming
  const stopping = new AbortController()

  async function consume(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      const link = await connected.next(stopping.signal)
      if (link === null) return
      const startedAt = performance.now()
      await session(link, stopping.signal).catch(onTrouble)
      if (performance.now() - startedAt > LONGEST_PAUSE_MS) failures = 0
      await pause(growing(failures, FIRST_PAUSE_MS, LONGEST_PAUSE_MS), stopping.signal)
    }
  }

  try {
    await declare(connected.link())
  } catch (error) {
    if (error instanceof ServerRefused) throw error
  }
  const ended = consume()

  return {
    stop() {
      stopping.abort()
      return ended
    },
  }
}

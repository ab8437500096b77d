import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import { ServerSetupError } from '../connection/server-setup-error.ts'
import { aborted, backoff, pause } from './time.ts'

/** A connection. `disconnected` resolves with the reason of its end. `close` ends it soon, even if the server does not reply. */
export type QueueClient = Readonly<{ disconnected: Promise<Error>; close(): Promise<void> }>

export type ReconnectingClient<Open extends QueueClient> = Readonly<{
  /** The current connection. @throws {DependencyUnavailable} when there is none */
  client(): Open
  /** The current connection, or the next one; null once the client is closed, or `signal` aborts. */
  next(signal: AbortSignal): Promise<Open | null>
  close(): Promise<void>
}>

const MIN_BACKOFF_MS = 100
const MAX_BACKOFF_MS = 3_000

type Needs<Open extends QueueClient> = Readonly<{
  open: () => Promise<Open>
  /** Called with the reason when a connection ended, and for each failed attempt to open another one. */
  onDisconnected: (error: Error) => void
  /** Called when there is a connection after that. */
  onReconnected: () => void
}>

/**
 * Keeps one connection open, with a growing back-off between attempts. It also starts while the server is down, but not if
 * the server refuses what this service needs.
 *
 * @throws {ServerSetupError}
 */
export async function openReconnectingClient<Open extends QueueClient>(
  needs: Needs<Open>,
): Promise<ReconnectingClient<Open>> {
  const { open, onDisconnected, onReconnected } = needs
  const closing = new AbortController()
  const slot = createClientSlot<Open>()

  async function connect(): Promise<Open | null> {
    const client = await open()
    if (closing.signal.aborted) await closeQuietly(client)
    else slot.set(client)
    return client
  }

  function reportDisconnected(cause: Error): null {
    slot.clear(cause)
    if (!closing.signal.aborted) onDisconnected(cause)
    return null
  }

  async function stayConnected(first: Open | null): Promise<void> {
    for (let [client, failures] = [first, 0]; !closing.signal.aborted; failures++) {
      if (client !== null) {
        const cause = await Promise.race([client.disconnected, aborted(closing.signal)])
        if (cause) reportDisconnected(cause)
        failures = 0
      }
      await pause(backoff(failures, MIN_BACKOFF_MS, MAX_BACKOFF_MS), closing.signal)
      if (closing.signal.aborted) return
      client = await connect().catch(reportDisconnected)
      if (client !== null && !closing.signal.aborted) onReconnected()
    }
  }

  const first = await connect().catch((error) => {
    if (error instanceof ServerSetupError) throw error
    return reportDisconnected(error)
  })
  const ended = stayConnected(first)

  return {
    client: slot.get,
    next: (signal) => slot.next(AbortSignal.any([signal, closing.signal])),
    async close() {
      const closed = slot.ifConnected(closeQuietly)
      closing.abort()
      await Promise.all([closed, ended])
    },
  }
}

/** The current connection, if there is one. */
function createClientSlot<Open>() {
  let current: Open | null = null
  let cause: Error | undefined
  let connected = Promise.withResolvers<void>()

  return {
    set(client: Open): void {
      current = client
      connected.resolve()
    },
    clear(why: Error): void {
      cause = why
      if (current === null) return
      current = null
      connected = Promise.withResolvers()
    },
    get(): Open {
      if (current === null) throw new DependencyUnavailable('message queue', { cause })
      return current
    },
    async next(over: AbortSignal): Promise<Open | null> {
      while (current === null && !over.aborted) await Promise.race([connected.promise, aborted(over)])
      return over.aborted ? null : current
    },
    ifConnected: async (use: (client: Open) => Promise<void>): Promise<void> => {
      if (current !== null) await use(current)
    },
  }
}

/** Errors of a connection that is no longer used do not matter. */
const closeQuietly = (client: QueueClient): Promise<void> => client.close().catch(() => {})

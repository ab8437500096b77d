import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import { ServerSetupError } from '../connection/server-setup-error.ts'
import { aborted, backoff, pause } from './time.ts'

/** A connection that ends once: `lost` then tells why. `close` ends it soon, even if the server says nothing to it. */
export type QueueClient = Readonly<{ disconnected: Promise<Error>; close(): Promise<void> }>

export type ReconnectingClient<Open extends QueueClient> = Readonly<{
  /** The connection of now. @throws {DependencyUnavailable} when there is none */
  client(): Open
  /** The connection of now, or the next one; null once it is closed, or `signal` says that nobody waits any more. */
  next(signal: AbortSignal): Promise<Open | null>
  close(): Promise<void>
}>

const MIN_BACKOFF_MS = 100
const MAX_BACKOFF_MS = 3_000

type Needs<Open extends QueueClient> = Readonly<{
  open: () => Promise<Open>
  /** Told why a connection ended, and why each attempt to get another one failed. */
  onDisconnected: (error: Error) => void
  /** Told when there is a connection after that. */
  onReconnected: () => void
}>

/**
 * Keeps one connection open, for ever, with growing pauses between attempts. A server that is away is no reason not to
 * start; one that refuses what this service needs of it is.
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

/** Where the connection of now is, if there is one. */
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

/** However the connection is, it is not missed. */
const closeQuietly = (client: QueueClient): Promise<void> => client.close().catch(() => {})

import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import { ServerRefused } from '../connection/server-refused.ts'
import { aborted, growing, pause } from './time.ts'

/** A connection that ends once: `lost` then tells why. `close` ends it soon, even if the server says nothing to it. */
export type Link = Readonly<{ lost: Promise<Error>; close(): Promise<void> }>

export type Connected<Open extends Link> = Readonly<{
  /** The connection of now. @throws {DependencyUnavailable} when there is none */
  link(): Open
  /** The connection of now, or the next one; null once it is closed, or `signal` says that nobody waits any more. */
  next(signal: AbortSignal): Promise<Open | null>
  close(): Promise<void>
}>

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 3_000

type Needs<Open extends Link> = Readonly<{
  open: () => Promise<Open>
  /** Told why a connection ended, and why each attempt to get another one failed. */
  onLost: (error: Error) => void
  /** Told when there is a connection after that. */
  onRestored: () => void
}>

/**
 * Keeps one connection open, for ever, with growing pauses between attempts. A server that is away is no reason not to
 * start; one that refuses what this service needs of it is.
 *
 * @throws {ServerRefused}
 */
export async function keepConnected<Open extends Link>(needs: Needs<Open>): Promise<Connected<Open>> {
  const { open, onLost, onRestored } = needs
  const closing = new AbortController()
  const place = openPlace<Open>()

  async function connect(): Promise<Open | null> {
    const link = await open()
    if (closing.signal.aborted) await hangUp(link)
    else place.fill(link)
    return link
  }

  function missing(cause: Error): null {
    place.empty(cause)
    if (!closing.signal.aborted) onLost(cause)
    return null
  }

  async function stayConnected(first: Open | null): Promise<void> {
    for (let [link, failures] = [first, 0]; !closing.signal.aborted; failures++) {
      if (link !== null) {
        const cause = await Promise.race([link.lost, aborted(closing.signal)])
        if (cause) missing(cause)
        failures = 0
      }
      await pause(growing(failures, FIRST_PAUSE_MS, LONGEST_PAUSE_MS), closing.signal)
      if (closing.signal.aborted) return
      link = await connect().catch(missing)
      if (link !== null && !closing.signal.aborted) onRestored()
    }
  }

  const first = await connect().catch((error) => {
    if (error instanceof ServerRefused) throw error
    return missing(error)
  })
  const ended = stayConnected(first)

  return {
    link: place.now,
    next: (signal) => place.next(AbortSignal.any([signal, closing.signal])),
    async close() {
      const closed = place.whenFilled(hangUp)
      closing.abort()
      await Promise.all([closed, ended])
    },
  }
}

/** Where the connection of now is, if there is one. */
function openPlace<Open>() {
  let current: Open | null = null
  let cause: Error | undefined
  let arrival = Promise.withResolvers<void>()

  return {
    fill(link: Open): void {
      current = link
      arrival.resolve()
    },
    empty(why: Error): void {
      cause = why
      if (current === null) return
      current = null
      arrival = Promise.withResolvers()
    },
    now(): Open {
      if (current === null) throw new DependencyUnavailable('message queue', { cause })
      return current
    },
    async next(over: AbortSignal): Promise<Open | null> {
      while (current === null && !over.aborted) await Promise.race([arrival.promise, aborted(over)])
      return over.aborted ? null : current
    },
    whenFilled: async (use: (link: Open) => Promise<void>): Promise<void> => {
      if (current !== null) await use(current)
    },
  }
}

/** However the connection is, it is not missed. */
const hangUp = (link: Link): Promise<void> => link.close().catch(() => {})

/** Events that are claimed together, in an order in which they may be published. `token` proves the claim. */
export type Claim<Event> = Readonly<{ token: string; events: readonly Event[] }>

/**
 * Where announcements wait. All times are those of the outbox itself, so that the clocks of relays may differ.
 */
export interface OutboxClaims<Event> {
  /**
   * The oldest events that nobody published or has claimed, at most `limit`. Events of one subject come in order, and
   * none of them while an earlier one is claimed by another. A claim ends after `leaseMs`, published or not.
   */
  claim(limit: number, leaseMs: number): Promise<Claim<Event>>

  /** Marks a claim as published, if it is still the one that holds the events. */
  confirm(token: string): Promise<void>

  /** Gives a claim back at once. */
  release(token: string): Promise<void>
}

export type RelayOptions = Readonly<{
  batch: number
  /** How long a claim holds. A relay that dies leaves its events to others after that. */
  leaseMs: number
  /** How long to wait where nothing is pending and nobody wakes the relay. */
  pollMs: number
  /** Upper bounds of the pause after a failure, which doubles with each further one. */
  firstPauseMs: number
  longestPauseMs: number
}>

type Needs<Event> = Readonly<{
  claims: OutboxClaims<Event>
  /** Resolves when the queue itself has confirmed all of them. */
  publish: (events: readonly Event[]) => Promise<void>
  onFailure: (error: unknown) => void
  sleep: (milliseconds: number) => Promise<void>
  random: () => number
  options: RelayOptions
}>

export type OutboxRelay = Readonly<{
  /** Says that something may be pending now. */
  wake: () => void
  /** Resolves when the batch at hand is done. */
  stop: () => Promise<void>
}>

/**
 * Publishes what the outbox holds, again and again, until it is stopped. At least once: a relay that dies between
 * publishing and confirming leaves its events to be published again. Nothing is locked while the queue is awaited.
 */
export function startOutboxRelay<Event>(needs: Needs<Event>): OutboxRelay {
  const { claims, publish, onFailure, sleep, random, options } = needs
  const bell = createBell(sleep)
  let isStopped = false

  async function run(): Promise<void> {
    for (let failures = 0; !isStopped; ) {
      try {
        const published = await relayOnce()
        failures = 0
        if (published < options.batch && !isStopped) await bell.wait(options.pollMs)
      } catch (error) {
        onFailure(error)
        const bound = Math.min(options.longestPauseMs, options.firstPauseMs * 2 ** failures++)
        if (!isStopped) await sleep(random() * bound)
      }
    }
  }

  async function relayOnce(): Promise<number> {
    const { token, events } = await claims.claim(options.batch, options.leaseMs)
    if (events.length === 0) return 0
    try {
      await publish(events)
    } catch (error) {
      await claims.release(token)
      throw error
    }
    await claims.confirm(token)
    return events.length
  }

  const running = run()
  return {
    wake: bell.ring,
    async stop() {
      isStopped = true
      bell.ring()
      await running
    },
  }
}

/** Who waits is woken by the bell, also by one that rang since the last wait. */
function createBell(sleep: (milliseconds: number) => Promise<void>) {
  let hasRung = false
  let wakeUp = (): void => {}

  return {
    ring(): void {
      hasRung = true
      wakeUp()
    },

    async wait(milliseconds: number): Promise<void> {
      const rung = new Promise<void>((resolve) => {
        wakeUp = resolve
      })
      if (!hasRung) await Promise.race([sleep(milliseconds), rung])
      hasRung = false
    },
  }
}

import { createCancellableSleep, type Sleep } from './cancellable-sleep.ts'

/** Events that are claimed together, in the order in which they must be published. `token` proves the claim. */
export type Claim<Event> = Readonly<{ token: string; events: readonly Event[] }>

/**
 * The outbox: events that wait to be published. Several relays may use it: only one claim holds at a time, so no event
 * overtakes another. All times are those of the outbox itself, so that the clocks of relays may differ.
 */
export interface OutboxClaims<Event> {
  /**
   * The oldest events that are not published, at most `limit`, those of one subject in the order of their versions. Null
   * while another relay holds the claim. A claim of at least one event holds until it is confirmed or released, and for
   * `leaseMs` at most. An empty claim does not hold, even if the last events were confirmed while it was made; nor does
   * a claim that fails, if the outbox can still be reached.
   */
  claim(limit: number, leaseMs: number): Promise<Claim<Event> | null>

  /** Marks the events of a claim as published, unless another relay has the claim by now. */
  confirm(claim: Claim<Event>): Promise<void>

  /** Releases a claim at once. */
  release(claim: Claim<Event>): Promise<void>
}

export type RelayOptions = Readonly<{
  batch: number
  /** How long a claim holds. After that, other relays take over the events of a dead one. */
  leaseMs: number
  /** How long to wait before the next claim if no event is pending and no commit wakes the relay. */
  claimIntervalMs: number
  /** How long to wait after that for more events, so that many writes share a claim. */
  lingerMs: number
  /** How long to wait while another relay holds the claim. */
  contendedClaimIntervalMs: number
  /** Upper bounds of the back-off after a failure, which doubles with each further one. */
  minBackoffMs: number
  maxBackoffMs: number
}>

type Needs<Event> = Readonly<{
  claims: OutboxClaims<Event>
  /**
   * Resolves when the queue itself has confirmed them, with those that it has not: they stay pending, and are published
   * again beside what comes after them.
   */
  publish: (events: readonly Event[]) => Promise<readonly Event[]>
  onFailure: (error: unknown) => void
  sleep: Sleep
  random: () => number
  options: RelayOptions
}>

export type OutboxRelay = Readonly<{
  /** Call when an event may be pending. */
  wake: () => void
  /** Resolves when the current batch is done. */
  stop: () => Promise<void>
}>

/**
 * Publishes the events of the outbox until it is stopped, at least once: if a relay dies between publishing and
 * confirming, the next relay publishes its events again. It holds no lock while it waits for the queue.
 */
export function startOutboxRelay<Event>(needs: Needs<Event>): OutboxRelay {
  const { claims, publish, onFailure, sleep, random, options } = needs
  const sleeper = createCancellableSleep(sleep)

  async function run(): Promise<void> {
    let unconfirmed = 0
    for (let failures = 0; !sleeper.isCancelled(); ) {
      try {
        const limit = limitBeyond(unconfirmed, options.batch)
        const claim = await claims.claim(limit, options.leaseMs)
        if (claim !== null) unconfirmed = await relay(claim)
        failures = 0
        if (claim === null) await sleeper.sleep(options.contendedClaimIntervalMs)
        else if (claim.events.length < limit || unconfirmed === limit) await linger()
      } catch (error) {
        onFailure(error)
        const bound = Math.min(options.maxBackoffMs, options.minBackoffMs * 2 ** failures++)
        await sleeper.sleep(random() * bound)
      }
    }
  }

  async function linger(): Promise<void> {
    await sleeper.sleepUntilSignalled(options.claimIntervalMs)
    await sleeper.sleep(options.lingerMs)
  }

  /** How many events of the claim the queue has not confirmed. */
  async function relay(claim: Claim<Event>): Promise<number> {
    if (claim.events.length === 0) return 0
    try {
      const unconfirmed = new Set(await publish(claim.events))
      const events = claim.events.filter((event) => !unconfirmed.has(event))
      if (events.length > 0) await claims.confirm({ ...claim, events })
      else await claims.release(claim)
      return unconfirmed.size
    } catch (error) {
      await claims.release(claim).catch(onFailure)
      throw error
    }
  }

  const running = run()
  return {
    wake: sleeper.signal,
    async stop() {
      sleeper.cancel()
      await running
    },
  }
}

/** The most unconfirmed events, in batches: beyond that, they hold up later events. */
const MAX_BATCHES = 32

/** The limit of a claim: the unconfirmed events and a new batch. It has few values, as statements are prepared for each. */
function limitBeyond(unconfirmed: number, batch: number): number {
  let limit = batch
  while (limit < unconfirmed + batch && limit < batch * MAX_BATCHES) limit *= 2
  return limit
}

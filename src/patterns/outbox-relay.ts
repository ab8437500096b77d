import { createCancellableSleep, type Sleep } from './cancellable-sleep.ts'

/** Events that are claimed together, in the order in which they must be published. `token` proves the claim. */
export type Claim<Event> = Readonly<{ token: string; events: readonly Event[] }>

/**
 * Where announcements wait. Several relays may work on it: of their claims one holds at a time, so nothing overtakes
 * anything. All times are those of the outbox itself, so that the clocks of relays may differ.
 */
export interface OutboxClaims<Event> {
  /**
   * The oldest events that are not published, at most `limit`, those of one subject in the order of their versions. Null
   * while the claim of another holds. A claim of at least one event holds until it is confirmed or released, and for
   * `leaseMs` at most. A claim of none holds nothing, even if the last events were confirmed while it was made; nor does
   * a claim that fails, where the outbox can still be reached.
   */
  claim(limit: number, leaseMs: number): Promise<Claim<Event> | null>

  /** Marks the events of a claim as published, unless the claim has passed to another. */
  confirm(claim: Claim<Event>): Promise<void>

  /** Gives a claim back at once. */
  release(claim: Claim<Event>): Promise<void>
}

export type RelayOptions = Readonly<{
  batch: number
  /** How long a claim holds. A relay that dies leaves its events to others after that. */
  leaseMs: number
  /** How long to wait where nothing is pending and nobody wakes the relay. */
  pollMs: number
  /** How long to wait after that, for more to come: whoever writes much is not answered one claim each. */
  lingerMs: number
  /** How long to wait while the claim of another relay holds. */
  contendedPollMs: number
  /** Upper bounds of the pause after a failure, which doubles with each further one. */
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
  const sleeper = createCancellableSleep(sleep)

  async function run(): Promise<void> {
    let unconfirmed = 0
    for (let failures = 0; !sleeper.isCancelled(); ) {
      try {
        const limit = limitBeyond(unconfirmed, options.batch)
        const claim = await claims.claim(limit, options.leaseMs)
        if (claim !== null) unconfirmed = await relay(claim)
        failures = 0
        if (claim === null) await sleeper.sleep(options.contendedPollMs)
        else if (claim.events.length < limit || unconfirmed === limit) await linger()
      } catch (error) {
        onFailure(error)
        const bound = Math.min(options.maxBackoffMs, options.minBackoffMs * 2 ** failures++)
        await sleeper.sleep(random() * bound)
      }
    }
  }

  async function linger(): Promise<void> {
    await sleeper.sleepUntilSignalled(options.pollMs)
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

/** So many times a batch what is not confirmed may be, before it holds up what comes after it. */
const MAX_BATCHES = 32

/** Room for a batch behind what is not confirmed. Of few sizes, as statements are prepared for each. */
function limitBeyond(unconfirmed: number, batch: number): number {
  let limit = batch
  while (limit < unconfirmed + batch && limit < batch * MAX_BATCHES) limit *= 2
  return limit
}

import { createCachedKeys, type Needs } from './cached-keys.ts'
import type { Keys } from './issuer-keys.ts'

export type KeySet = Readonly<{
  /**
   * The cached keys; at first need it fetches them.
   *
   * @throws {DependencyUnavailable} when they were never read
   */
  current(): Promise<Keys>

  /** Renews keys of ten minutes in the background. */
  refreshIfStale(): void

  /** Newer keys than `known`; `known` itself when it is too early to fetch again, or that did not help. */
  refreshIfOlder(known: Keys): Promise<Keys>

  /** Reads the keys now. @throws {DependencyUnavailable} */
  refresh(): Promise<void>

  /**
   * Whether the last attempt to fetch the keys succeeded. Starts a new attempt in the background if that is older than five
   * seconds.
   *
   * @throws {DependencyUnavailable} whose cause says why not
   */
  ping(): Promise<void>
}>

const MAX_AGE_MS = 10 * 60_000
const COOLDOWN_MS = 30_000
const FIRST_LOAD_PAUSE_MS = 1_000
const MAX_PING_AGE_MS = 5_000

/** Caches an issuer's keys: one request at a time, with limits on their rate; old keys stay while the issuer is down. */
export function createKeySet(needs: Needs): KeySet {
  const cached = createCachedKeys(needs)
  let renewedAt = Number.NEGATIVE_INFINITY

  const isWithin = (milliseconds: number, since: number): boolean => needs.uptime() - since < milliseconds

  return {
    async current() {
      const [keys, failure] = [cached.keys(), cached.failure()]
      if (keys !== null) return keys.value
      if (failure !== null && isWithin(FIRST_LOAD_PAUSE_MS, failure.at)) throw failure.value
      return cached.read()
    },

    refreshIfStale() {
      const [keys, failure] = [cached.keys(), cached.failure()]
      if (keys === null || isWithin(MAX_AGE_MS, keys.at)) return
      if (failure === null || !isWithin(COOLDOWN_MS, failure.at)) cached.read().catch(() => {})
    },

    async refreshIfOlder(known) {
      const keys = cached.keys()
      if (keys !== null && keys.value !== known) return keys.value
      if (!cached.isReading()) {
        if (isWithin(COOLDOWN_MS, renewedAt)) return known
        renewedAt = needs.uptime()
      }
      return cached.read().catch(() => known)
    },

    async refresh() {
      await cached.read()
    },

    async ping() {
      const isUnknown = cached.keys() === null && cached.failure() === null
      if (isUnknown || !isWithin(MAX_PING_AGE_MS, cached.lastReadAt())) {
        const reading = cached.read().catch(() => {})
        if (isUnknown) await reading
      }
      const failure = cached.failure()
      if (failure !== null) throw failure.value
    },
  }
}

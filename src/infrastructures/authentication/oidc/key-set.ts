import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Keys } from './issuer-keys.ts'

export type KeySet = Readonly<{
  /**
   * The keys at hand, at first need those of the issuer. Old ones are renewed in the background.
   *
   * @throws {DependencyUnavailable} when there never were any
   */
  current(): Promise<Keys>

  /** Keys that may hold what `known` lacks; `known` itself when asking again must wait or did not help. */
  newerThan(known: Keys): Promise<Keys>
}>

type Needs = Readonly<{
  load: () => Promise<Keys>
  /** Milliseconds on a clock that never jumps. */
  uptime: () => number
  onFailure: (cause: unknown) => void
}>

const MAX_AGE_MS = 10 * 60_000
const COOLDOWN_MS = 30_000
const FIRST_LOAD_PAUSE_MS = 1_000

/** Keeps an issuer's keys: one request at a time, old keys for as long as the issuer is down, no hammering. */
export function createKeySet({ load, uptime, onFailure }: Needs): KeySet {
  let held: Readonly<{ keys: Keys; at: number }> | null = null
  let failed: Readonly<{ error: DependencyUnavailable; at: number }> | null = null
  let renewedAt = Number.NEGATIVE_INFINITY

  const isWithin = (milliseconds: number, since: number): boolean => uptime() - since < milliseconds

  const keep = (keys: Keys): Keys => {
    held = { keys, at: uptime() }
    return keys
  }

  const fail = (cause: unknown): never => {
    const error = new DependencyUnavailable('identity provider', { cause })
    failed = { error, at: uptime() }
    onFailure(cause)
    throw error
  }

  const refreshing = singleFlight(() => load().then(keep, fail))

  return {
    async current() {
      const hasJustFailed = (pause: number): boolean => failed !== null && isWithin(pause, failed.at)
      if (held === null) {
        if (failed !== null && hasJustFailed(FIRST_LOAD_PAUSE_MS)) throw failed.error
        return refreshing.start()
      }
      if (!isWithin(MAX_AGE_MS, held.at) && !hasJustFailed(COOLDOWN_MS)) refreshing.start().catch(() => {})
      return held.keys
    },

    async newerThan(known) {
      if (held !== null && held.keys !== known) return held.keys
      if (!refreshing.isUnderWay()) {
        if (isWithin(COOLDOWN_MS, renewedAt)) return known
        renewedAt = uptime()
      }
      return refreshing.start().catch(() => known)
    },
  }
}

/** Work that those who want it at the same moment share. */
function singleFlight<Result>(work: () => Promise<Result>) {
  let flight: Promise<Result> | null = null
  return {
    isUnderWay: (): boolean => flight !== null,
    start(): Promise<Result> {
      flight ??= work().finally(() => {
        flight = null
      })
      return flight
    },
  }
}

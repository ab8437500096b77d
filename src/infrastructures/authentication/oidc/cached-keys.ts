import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Keys } from './issuer-keys.ts'
import { NoKeys } from './unusable-issuer.ts'

export type Needs = Readonly<{
  load: () => Promise<Keys>
  /** A monotonic clock, in milliseconds. */
  uptime: () => number
  /** Called with the reason when the keys cannot be read: at once, and again each minute. */
  onFailure: (cause: unknown) => void
  onRecovery?: () => void
}>

type At<Value> = Readonly<{ value: Value; at: number }>

/** The keys that were read last, and how the last reading ended. */
export function createCachedKeys({ load, uptime, onFailure, onRecovery = () => {} }: Needs) {
  let cached: At<Keys> | null = null
  let failed: At<DependencyUnavailable> | null = null
  let startedAt = Number.NEGATIVE_INFINITY
  const failures = throttledReports({ uptime, onFailure, onRecovery })

  const keep = (value: Keys): Keys => {
    cached = { value, at: uptime() }
    failed = null
    failures.end()
    return value
  }

  const fail = (cause: unknown): never => {
    const value = new DependencyUnavailable('identity provider', { cause })
    failed = { value, at: uptime() }
    if (cause instanceof NoKeys) cached = null
    failures.report(cause)
    throw value
  }

  const reading = singleFlight(() => {
    startedAt = uptime()
    return load().then(keep, fail)
  })

  return {
    keys: (): At<Keys> | null => cached,
    failure: (): At<DependencyUnavailable> | null => failed,
    lastReadAt: (): number => startedAt,
    isReading: reading.isInFlight,
    /** Concurrent calls share one request. @throws {DependencyUnavailable} */
    read: reading.start,
  }
}

const REPEAT_REPORT_MS = 60_000

/** Reports a failure when its cause changes and once a minute, and its end. */
function throttledReports({ uptime, onFailure, onRecovery }: Required<Omit<Needs, 'load'>>) {
  let last: At<string> | null = null

  return {
    report(cause: unknown): void {
      const value = cause instanceof Error ? cause.message : ''
      if (last?.value === value && uptime() - last.at < REPEAT_REPORT_MS) return
      last = { value, at: uptime() }
      onFailure(cause)
    },

    end(): void {
      if (last !== null) onRecovery()
      last = null
    },
  }
}

function singleFlight<Result>(work: () => Promise<Result>) {
  let flight: Promise<Result> | null = null
  return {
    isInFlight: (): boolean => flight !== null,
    start(): Promise<Result> {
      flight ??= work().finally(() => {
        flight = null
      })
      return flight
    },
  }
}

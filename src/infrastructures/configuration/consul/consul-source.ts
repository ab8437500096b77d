import { setTimeout as sleep } from 'node:timers/promises'
import type { SettingsListener, SettingsSource } from '../settings-source.ts'
import { type ConsulPlace, queryConsul } from './consul-query.ts'

/** Faster changes are reported as one. */
const MIN_PAUSE_MS = 100
/** The pause after a reply without an index, after which a blocking query is not possible. */
const UNINDEXED_PAUSE_MS = 1_000
const MAX_BACKOFF_MS = 10_000

/** Settings in Consul's key-value store. Blocking queries report a change at once. */
export const consulSource = (place: ConsulPlace): SettingsSource => ({
  read: async () => (await queryConsul(place, 0, new AbortController().signal)).values,
  watch: (listener, stopped) => void followConsul(place, listener, stopped),
})

/** By the rules of https://developer.hashicorp.com/consul/api-docs/features/blocking. */
async function followConsul(place: ConsulPlace, { onValues, onFailure }: SettingsListener, stopped: AbortSignal) {
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopped, ref: false }).catch(() => {})
  let [index, failures] = [0, 0]

  while (!stopped.aborted) {
    try {
      const answer = await queryConsul(place, index, stopped)
      // An index that went back means that Consul was restored: a query with the old one would wait for ever.
      index = answer.index < index ? 0 : answer.index
      failures = 0
      onValues(answer.values)
      await pause(index === 0 ? UNINDEXED_PAUSE_MS : MIN_PAUSE_MS)
    } catch (error) {
      if (stopped.aborted) return
      index = 0
      onFailure(error)
      await pause(backoff(failures++))
    }
  }
}

/** Half of it is random, so that not all processes query a restarted Consul at once. */
const backoff = (failures: number): number =>
  Math.min(MAX_BACKOFF_MS, MIN_PAUSE_MS * 2 ** (failures + 1)) * (0.5 + Math.random() / 2)

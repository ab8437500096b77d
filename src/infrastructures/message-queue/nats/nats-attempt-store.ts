import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream'
import type { AttemptStore } from '../attempt-counter.ts'
import { type NatsClient, REQUEST_TIMEOUT_MS } from './connect.ts'

/** The attempts as the last message of a subject. Only the leader writes it. */
export function natsAttemptStore({ js, jsm, names }: NatsClient, name: string): AttemptStore {
  const subject = names.attemptsOf(name)
  return {
    async load() {
      const last = await jsm.streams.getMessage(names.consumers, { last_by_subj: subject }).catch((error) => {
        if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound) return null
        throw error
      })
      return last?.json() ?? {}
    },

    async save(attempts) {
      await js.publish(subject, JSON.stringify(attempts), { timeout: REQUEST_TIMEOUT_MS })
    },
  }
}

import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream'
import type { Ledger } from '../start-counts.ts'
import { ANSWER_MS, type NatsLink } from './connect.ts'

/** The last message of a subject. Only the process whose turn it is writes there. */
export function natsLedger({ js, jsm, names }: NatsLink, name: string): Ledger {
  const subject = names.startsOf(name)
  return {
    async load() {
      const last = await jsm.streams.getMessage(names.consumers, { last_by_subj: subject }).catch((error) => {
        if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound) return null
        throw error
      })
      return last?.json() ?? {}
    },

    async save(starts) {
      await js.publish(subject, JSON.stringify(starts), { timeout: ANSWER_MS })
    },
  }
}

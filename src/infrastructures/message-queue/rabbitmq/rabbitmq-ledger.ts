import type { Ledger } from '../start-counts.ts'
import { confirmed } from './confirmed.ts'
import type { RabbitmqLink } from './connect.ts'

/** The one message of a queue that keeps only the last. Only the active consumer of a name reads and writes there. */
export function rabbitmqLedger({ confirming, names }: RabbitmqLink, name: string): Ledger {
  const queue = names.startsOf(name)
  return {
    async load() {
      const last = await confirming.get(queue)
      if (last === false) return {}
      confirming.nack(last)
      return JSON.parse(last.content.toString())
    },

    async save(starts) {
      const body = Buffer.from(JSON.stringify(starts))
      await confirmed(confirming, { exchange: '', routingKey: queue, body, options: {} })
    },
  }
}

import type { AttemptStore } from '../attempt-counter.ts'
import type { RabbitmqClient } from './connect.ts'
import { publishConfirmed } from './publish-confirmed.ts'

/** The attempts as the one message of a queue with a length of one. Only the active consumer of a name uses it. */
export function rabbitmqAttemptStore(client: RabbitmqClient, name: string): AttemptStore {
  const { confirmChannel, names } = client
  const queue = names.attemptsOf(name)
  return {
    async load() {
      const last = await confirmChannel.get(queue)
      if (last === false) return {}
      confirmChannel.nack(last)
      return JSON.parse(last.content.toString())
    },

    async save(attempts) {
      const body = Buffer.from(JSON.stringify(attempts))
      await publishConfirmed(client, { exchange: '', routingKey: queue, body, options: {} })
    },
  }
}

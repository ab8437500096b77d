import type { Message } from '../../../domains/ports/message-queue.ts'
import type { RabbitmqClient } from './connect.ts'
import { HEADERS } from './names.ts'
import { publishConfirmed } from './publish-confirmed.ts'

/** The longest time to live of a message, in milliseconds. */
const MAX_EXPIRATION_MS = 2 ** 32 - 1

export const rabbitmqPublisher =
  (client: () => RabbitmqClient, retentionMs: number) =>
  async ({ id, key, topic, body }: Message): Promise<void> => {
    const open = client()
    const options = {
      messageId: id,
      type: topic,
      contentType: 'application/cloudevents+json',
      headers: { [HEADERS.key]: key },
      expiration: Math.min(retentionMs, MAX_EXPIRATION_MS),
    }
    const { events, routingKey } = open.names
    const sent = { exchange: events, routingKey: routingKey(topic), body: Buffer.from(body), options }
    await publishConfirmed(open, sent)
  }

import type { Message } from '../../../domains/ports/message-queue.ts'
import { confirmed } from './confirmed.ts'
import type { RabbitmqLink } from './connect.ts'
import { HEADERS } from './names.ts'

/** How long the server can be told to keep a message, in milliseconds. */
const LONGEST_EXPIRATION = 2 ** 32 - 1

export const rabbitmqPublisher =
  (link: () => RabbitmqLink, retentionMs: number) =>
  async ({ id, key, topic, body }: Message): Promise<void> => {
    const { confirming, names } = link()
    const options = {
      messageId: id,
      type: topic,
      contentType: 'application/cloudevents+json',
      headers: { [HEADERS.key]: key },
      expiration: Math.min(retentionMs, LONGEST_EXPIRATION),
    }
    const sent = { exchange: names.events, routingKey: names.routingKey(topic), body: Buffer.from(body), options }
    await confirmed(confirming, sent)
  }

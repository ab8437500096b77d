import { createHash } from 'node:crypto'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { Received } from '../received.ts'
import { confirmed } from './confirmed.ts'
import type { RabbitmqLink } from './connect.ts'
import { HEADERS } from './names.ts'

/** A message that RabbitMQ handed to the consumer `name`. */
export function receivedFrom(
  message: ConsumeMessage,
  channel: Channel,
  { confirming, names }: RabbitmqLink,
  name: string,
): Received {
  const { content, properties, fields } = message
  const id = properties.messageId || createHash('sha256').update(content).digest('hex')
  const done = async () => channel.ack(message)

  return {
    id,
    key: String(properties.headers?.[HEADERS.key] || id),
    body: content,
    isRepeated: fields.redelivered,
    done,

    async setAside(reason) {
      const headers = { ...properties.headers, [HEADERS.reason]: reason, [HEADERS.topic]: fields.routingKey }
      const { messageId, type, contentType } = properties
      const options = { messageId, type, contentType, headers }
      await confirmed(confirming, { exchange: names.deadLetters, routingKey: name, body: content, options })
      await done()
    },
  }
}

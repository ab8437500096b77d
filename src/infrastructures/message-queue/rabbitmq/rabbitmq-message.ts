import { createHash } from 'node:crypto'
import type { Channel, ConsumeMessage } from 'amqplib'
import type { ReceivedMessage } from '../received-message.ts'
import type { RabbitmqClient } from './connect.ts'
import { HEADERS } from './names.ts'
import { publishConfirmed } from './publish-confirmed.ts'

/** A message that RabbitMQ delivered to the consumer `name`. */
export function receivedFrom(
  message: ConsumeMessage,
  channel: Channel,
  client: RabbitmqClient,
  name: string,
): ReceivedMessage {
  const { content, properties, fields } = message
  const id = properties.messageId || createHash('sha256').update(content).digest('hex')
  const ack = async () => channel.ack(message)

  return {
    id,
    key: String(properties.headers?.[HEADERS.key] || id),
    body: content,
    isRedelivered: fields.redelivered,
    ack,

    async deadLetter(reason) {
      const headers = { ...properties.headers, [HEADERS.reason]: reason, [HEADERS.topic]: fields.routingKey }
      const { messageId, type, contentType } = properties
      const options = { messageId, type, contentType, headers }
      await publishConfirmed(client, { exchange: client.names.deadLetters, routingKey: name, body: content, options })
      await ack()
    },
  }
}

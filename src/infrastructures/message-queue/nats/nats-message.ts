import type { JsMsg } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import type { ReceivedMessage } from '../received-message.ts'
import { type NatsClient, REQUEST_TIMEOUT_MS } from './connect.ts'
import { HEADERS } from './names.ts'

/** The consumer of a message, whether this is its first delivery, how it is acknowledged, and the callback when it is settled. */
type Delivered = Readonly<{
  client: NatsClient
  name: string
  isRedelivered: boolean
  acknowledge: (message: JsMsg) => Promise<void>
  settled: () => void
}>

/** A message that JetStream delivered. */
export function receivedFrom(message: JsMsg, delivered: Delivered): ReceivedMessage {
  const { client, name, isRedelivered, acknowledge, settled } = delivered
  const { js, names } = client
  const id = String(message.seq)

  async function ack(): Promise<void> {
    await acknowledge(message)
    settled()
  }

  return {
    id,
    key: message.headers?.get(HEADERS.key) || id,
    body: message.data,
    isRedelivered,
    ack,

    async deadLetter(reason) {
      const described = headers()
      for (const [header, values] of message.headers ?? []) {
        if (!header.startsWith('Nats-')) for (const value of values) described.append(header, value)
      }
      described.set(HEADERS.subject, message.subject)
      described.set(HEADERS.reason, reason)
      const options = { headers: described, msgID: `${name}-${id}`, timeout: REQUEST_TIMEOUT_MS }
      await js.publish(names.deadLetterOf(name), message.data, options)
      await ack()
    },
  }
}

import type { JsMsg } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import type { Received } from '../received.ts'
import { ANSWER_MS, type NatsLink } from './connect.ts'
import { HEADERS } from './names.ts'

/** To whom a message was handed out, whether that is news, and who is to hear that it is settled. */
type HandedOut = Readonly<{ link: NatsLink; name: string; isRepeated: boolean; settled: () => void }>

/** A message that JetStream handed out. */
export function receivedFrom(message: JsMsg, handedOut: HandedOut): Received {
  const { link, name, isRepeated, settled } = handedOut
  const { js, names } = link
  const id = String(message.seq)

  async function done(): Promise<void> {
    const isConfirmed = await message.ackAck({ timeout: ANSWER_MS })
    if (!isConfirmed) throw new Error('NATS did not confirm that a message is done.')
    settled()
  }

  return {
    id,
    key: message.headers?.get(HEADERS.key) || id,
    body: message.data,
    isRepeated,
    done,

    async setAside(reason) {
      const described = headers()
      for (const [header, values] of message.headers ?? []) {
        if (!header.startsWith('Nats-')) for (const value of values) described.append(header, value)
      }
      described.set(HEADERS.subject, message.subject)
      described.set(HEADERS.reason, reason)
      const options = { headers: described, msgID: `${name}-${id}`, timeout: ANSWER_MS }
      await js.publish(names.deadLetterOf(name), message.data, options)
      await done()
    },
  }
}

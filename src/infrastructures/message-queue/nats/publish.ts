import { headers } from '@nats-io/transport-node'
import type { Message } from '../../../domains/ports/message-queue.ts'
import { type NatsClient, REQUEST_TIMEOUT_MS } from './connect.ts'
import { HEADERS } from './names.ts'

/** Resolves once the server has stored the message; it drops one whose id it has seen lately. */
export async function publishToNats({ js, names }: NatsClient, { id, key, topic, body }: Message): Promise<void> {
  const described = headers()
  described.set('Content-Type', 'application/cloudevents+json')
  described.set(HEADERS.key, key)
  await js.publish(names.eventOf(topic), body, { msgID: id, headers: described, timeout: REQUEST_TIMEOUT_MS })
}

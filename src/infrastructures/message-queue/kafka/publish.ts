import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Message } from '../../../domains/ports/message-queue.ts'
import { groupCommit } from '../../../patterns/group-commit.ts'
import { withTimeout } from '../time.ts'
import { type KafkaClient, REQUEST_TIMEOUT_MS, timeoutError } from './connect.ts'
import { translate } from './errors.ts'
import { HEADERS, type KafkaNames } from './names.ts'

/** How many messages may be unconfirmed; beyond that, publishing fails. */
const MAX_UNCONFIRMED = 4_096

/** Below `max.message.bytes`, the broker's limit for a batch, which is 1 MB by default. */
const MAX_REQUEST_BYTES = 512 * 1024

export type Sent = Readonly<{ topic: string; key: Buffer; value: Buffer; headers: Map<Buffer, Buffer> }>

/**
 * Publishes one request after the other, so that Kafka never stores one after an earlier one was lost. It stores all messages of
 * a request for one partition, where all messages of a key go, or none.
 */
export function kafkaPublisher(kafka: () => KafkaClient): (messages: readonly Message[]) => Promise<void> {
  let unconfirmed = 0

  const publish = groupCommit<readonly Message[]>(async (calls) => {
    const { names } = kafka()
    const requests = requestsOf(calls.flat().map((message) => sentOf(message, names)))
    for (const request of requests) await send(kafka(), request)
  }, setImmediate)

  return async (messages) => {
    if (messages.length === 0) return
    kafka()
    if (unconfirmed >= MAX_UNCONFIRMED) throw new DependencyUnavailable('message queue')
    unconfirmed += messages.length
    try {
      await publish(messages)
    } finally {
      unconfirmed -= messages.length
    }
  }
}

/** Resolves once all in-sync replicas have the messages. If a broker does not reply in time, its connection is closed. */
export async function send(kafka: KafkaClient, messages: readonly Sent[]): Promise<void> {
  function giveUp(): Error {
    const cause = timeoutError()
    kafka.fail(cause)
    return cause
  }
  try {
    await withTimeout(REQUEST_TIMEOUT_MS, kafka.producer.send({ messages: [...messages] }), giveUp)
  } catch (cause) {
    throw new DependencyUnavailable('message queue', { cause: translate(cause) })
  }
}

export const headersOf = (headers: Readonly<Record<string, string>>): Map<Buffer, Buffer> =>
  new Map(Object.entries(headers).map(([name, value]) => [Buffer.from(name), Buffer.from(value)]))

function sentOf({ id, key, topic, body }: Message, names: KafkaNames): Sent {
  const described = {
    'content-type': 'application/cloudevents+json',
    [HEADERS.id]: id,
    [HEADERS.topic]: names.topicOf(topic),
  }
  return { topic: names.events, key: Buffer.from(key), value: Buffer.from(body), headers: headersOf(described) }
}

/** Splits messages into batches that fit into one request each, in order. */
function requestsOf(messages: readonly Sent[]): readonly (readonly Sent[])[] {
  const requests: Sent[][] = []
  let bytes = MAX_REQUEST_BYTES
  for (const message of messages) {
    bytes += message.value.length + message.key.length
    if (bytes > MAX_REQUEST_BYTES) {
      requests.push([])
      bytes = message.value.length + message.key.length
    }
    requests.at(-1)?.push(message)
  }
  return requests
}

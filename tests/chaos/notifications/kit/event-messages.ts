import { randomUUID } from 'node:crypto'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect as connectToNats } from '@nats-io/transport-node'
import { connect as connectToRabbitmq } from 'amqplib'
import type { Message } from '../../../../src/domains/ports/message-queue.ts'
import { toCloudEvent } from '../../../../src/infrastructures/message-queue/cloud-events.ts'
import { readTopic } from '../../../kit/kafka-topics.ts'
import { type BrokerChoice, NAMESPACE } from './event-brokers.ts'

/** The event that somebody commented on a post, as the service publishes it. */
export function commentWritten(postId: string, ownerId: string, commentId: string): Message {
  const state = { id: commentId, postId, ownerId, text: 'well', version: 1 }
  const event = {
    id: randomUUID(),
    type: 'comment.written',
    subject: commentId,
    time: new Date(),
    schemaVersion: '1.0',
  }
  return toCloudEvent({ ...event, data: JSON.stringify(state) })
}

/** The same with other attributes. */
export function altered(message: Message, attributes: object): Message {
  return { ...message, id: randomUUID(), body: JSON.stringify({ ...JSON.parse(message.body), ...attributes }) }
}

/** The reasons for which messages were set aside, as an operator finds them on the server, sorted. */
export async function deadLetterReasons(choice: BrokerChoice): Promise<readonly string[]> {
  const reasons = { nats: natsReasons, rabbitmq: rabbitmqReasons, kafka: kafkaReasons }
  return (await reasons[choice.kind](choice.url)).toSorted()
}

async function kafkaReasons(url: string): Promise<readonly string[]> {
  const letters = await readTopic(url, `${NAMESPACE}.notifications.dead-letters`)
  return letters.map(({ headers }) => headers['dead-letter-reason'] ?? '')
}

async function natsReasons(url: string): Promise<readonly string[]> {
  const connection = await connectToNats({ servers: new URL(url).host })
  const jsm = await jetstreamManager(connection)
  const stream = `${NAMESPACE}-dead-letters`
  const { state } = await jsm.streams.info(stream)
  const reasons: string[] = []
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const letter = await jsm.streams.getMessage(stream, { seq })
    reasons.push(letter?.header.get('Dead-Letter-Reason') ?? '')
  }
  await connection.close()
  return reasons
}

async function rabbitmqReasons(url: string): Promise<readonly string[]> {
  const connection = await connectToRabbitmq(url)
  const channel = await connection.createChannel()
  const reasons: string[] = []
  for (;;) {
    const letter = await channel.get(`${NAMESPACE}.notifications.dead-letters`, { noAck: true })
    if (letter === false) break
    reasons.push(String(letter.properties.headers?.['dead-letter-reason']))
  }
  await connection.close()
  return reasons
}

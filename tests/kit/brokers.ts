import { jetstreamManager } from '@nats-io/jetstream'
import { connect as connectToNats } from '@nats-io/transport-node'
import { connect as connectToRabbitmq } from 'amqplib'
import type { QueueChoice } from '../../src/infrastructures/message-queue/open-message-queue.ts'
import { amqpUrl, kafkaUrl, natsUrl, skipWithout } from './engines.ts'
import { cleanKafka } from './kafka-topics.ts'

export type Broker = Readonly<{
  choice: QueueChoice
  skip: string | false
  /** Removes what a namespace has left on the server. */
  clean(namespace: string, names: readonly string[]): Promise<void>
}>

/** Every queue that there is, for suites that go the whole way through each. */
export const brokers: Readonly<Record<string, () => Broker>> = {
  'the memory queue': () => ({ choice: { kind: 'memory' }, skip: skipWithout('memory'), clean: async () => {} }),
  NATS: () => ({ choice: { kind: 'nats', url: natsUrl ?? '' }, skip: skipWithout('nats'), clean: cleanNats }),
  RabbitMQ: () => ({
    choice: { kind: 'rabbitmq', url: amqpUrl ?? '' },
    skip: skipWithout('rabbitmq'),
    clean: cleanRabbitmq,
  }),
  Kafka: () => ({
    choice: { kind: 'kafka', url: kafkaUrl ?? '' },
    skip: skipWithout('kafka'),
    clean: (namespace) => cleanKafka(kafkaUrl ?? '', namespace),
  }),
}

async function cleanNats(namespace: string): Promise<void> {
  const connection = await connectToNats({ servers: new URL(natsUrl ?? '').host })
  const jsm = await jetstreamManager(connection)
  for (const suffix of ['', '-dead-letters', '-consumers']) {
    await jsm.streams.delete(`${namespace}${suffix}`).catch(() => {}) // it is gone already
  }
  await connection.close()
}

async function cleanRabbitmq(namespace: string, names: readonly string[]): Promise<void> {
  const connection = await connectToRabbitmq(amqpUrl ?? '')
  const channel = await connection.createChannel()
  for (const name of names) {
    for (const suffix of ['', '.dead-letters', '.starts']) await channel.deleteQueue(`${namespace}.${name}${suffix}`)
  }
  for (const suffix of ['events', 'dead-letters']) await channel.deleteExchange(`${namespace}.${suffix}`)
  await connection.close()
}

import { ProduceAcks, Producer } from '@platformatic/kafka'
import { kafkaUrl, skipWithout } from '../kit/engines.ts'
import { cleanKafka, optionsFor, readTopic } from '../kit/kafka-topics.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { describeMessageQueue } from './message-queue.contract.ts'
import type { QueueUnderTest } from './opened-queue.ts'

const underTest: QueueUnderTest = {
  choice: { kind: 'kafka', url: kafkaUrl ?? '' },

  async publishBytes(namespace, body) {
    const producer = new Producer(optionsFor(kafkaUrl ?? ''))
    await producer.send({
      messages: [{ topic: `${namespace}.events`, value: Buffer.from(body) }],
      acks: ProduceAcks.ALL,
    })
    await producer.close()
  },

  async reasons(namespace, name) {
    const letters = await readTopic(kafkaUrl ?? '', `${namespace}.${name}.dead-letters`)
    return letters.map(({ headers }) => headers['dead-letter-reason'] ?? '')
  },

  clean: (namespace) => cleanKafka(kafkaUrl ?? '', namespace),

  async ownServer() {
    if (skipWithoutOwn('kafka')) return null
    const server = await ownEngine('kafka')
    return { ...server, choice: { kind: 'kafka', url: server.url }, settled: async () => {} }
  },
}

describeMessageQueue('the Kafka queue', underTest, {
  isShared: true,
  noticesRepetition: false,
  skip: skipWithout('kafka'),
})

import { jetstreamManager } from '@nats-io/jetstream'
import { connect as connectToNats } from '@nats-io/transport-node'
import { Admin } from '@platformatic/kafka'
import { connect as connectToRabbitmq } from 'amqplib'
import { CONSUMER_NAMES } from '../../src/main/modules.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { brokers } from '../kit/brokers.ts'
import { amqpUrl, kafkaUrl, natsUrl } from '../kit/engines.ts'
import { optionsFor, tapTopic } from '../kit/kafka-topics.ts'

type Published = Readonly<{ topic: string; body: string }>

/** All that is published from now on, as somebody sees it who knows nothing of this service. */
type Tap = Readonly<{ published: Published[]; [Symbol.asyncDispose]: () => Promise<void> }>

export type Queue = (typeof QUEUES)[number]

/** What the names of everything that the service has on a queue start with. */
const NAMESPACE = PRODUCT.namespace

/** The queues that outlive a process. Only one suite at a time can use them, as all services call theirs the same. */
export const QUEUES = [
  { ...named('NATS'), url: natsUrl ?? '', probe: tapNats, spoil: spoilNats },
  { ...named('RabbitMQ'), url: amqpUrl ?? '', probe: tapRabbitmq, spoil: spoilRabbitmq },
  { ...named('Kafka'), url: kafkaUrl ?? '', probe: tapKafka, spoil: spoilKafka },
] as const

function named(name: 'NATS' | 'RabbitMQ' | 'Kafka') {
  const { skip, clean } = brokers[name]?.() ?? { skip: '', clean: async () => {} }
  return { name, skip, clean: () => clean(NAMESPACE, CONSUMER_NAMES) }
}

async function tapNats(): Promise<Tap> {
  const connection = await connectToNats({ servers: new URL(natsUrl ?? '').host })
  const published: Published[] = []
  connection.subscribe('>', {
    callback: (_error, { subject, reply = '', data }) => {
      const isDelivery = reply.startsWith('$JS.ACK') // which looks like what was published
      if (isDelivery || /^[_$]/.test(subject)) return
      published.push({ topic: subject, body: Buffer.from(data).toString() })
    },
  })
  await connection.flush()
  return { published, [Symbol.asyncDispose]: () => connection.close() }
}

async function tapRabbitmq(): Promise<Tap> {
  const connection = await connectToRabbitmq(amqpUrl ?? '')
  const channel = await connection.createChannel()
  const published: Published[] = []
  const { queue } = await channel.assertQueue('', { exclusive: true })
  await channel.bindQueue(queue, `${NAMESPACE}.events`, '#')
  await channel.consume(queue, (message) => {
    if (message) published.push({ topic: message.fields.routingKey, body: message.content.toString() })
  })
  return { published, [Symbol.asyncDispose]: () => connection.close() }
}

async function tapKafka(): Promise<Tap> {
  const published: Published[] = []
  const topic = `${NAMESPACE}.events`
  const probe = await tapTopic(kafkaUrl ?? '', topic, 'latest', ({ body }) => void published.push({ topic, body }))
  return { published, [Symbol.asyncDispose]: probe.close }
}

/** Puts something into the way of the service; the result takes it away. */
async function spoilNats(): Promise<() => Promise<void>> {
  const connection = await connectToNats({ servers: new URL(natsUrl ?? '').host })
  const { streams } = await jetstreamManager(connection)
  await streams.add({ name: 'somebody-else', subjects: [`${NAMESPACE}.>`] })
  return async () => {
    await streams.delete('somebody-else')
    await connection.close()
  }
}

async function spoilRabbitmq(): Promise<() => Promise<void>> {
  const connection = await connectToRabbitmq(amqpUrl ?? '')
  const channel = await connection.createChannel()
  await channel.assertQueue(`${NAMESPACE}.${CONSUMER_NAMES[0]}`, { durable: false, autoDelete: true, exclusive: false })
  return () => connection.close()
}

async function spoilKafka(): Promise<() => Promise<void>> {
  const admin = new Admin(optionsFor(kafkaUrl ?? ''))
  const topics = [`${NAMESPACE}.events`]
  await admin.createTopics({ topics, configs: [{ name: 'cleanup.policy', value: 'compact' }] })
  return async () => {
    await admin.deleteTopics({ topics })
    await admin.close()
  }
}

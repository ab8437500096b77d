import type { QueueChoice } from '../../../../src/infrastructures/message-queue/open-message-queue.ts'
import { PRODUCT } from '../../../../src/patterns/product.ts'
import { brokers } from '../../../kit/brokers.ts'
import { skipWithout } from '../../../kit/engines.ts'
import { startNatsCluster } from '../../../kit/nats-cluster.ts'
import { ownEngine, skipWithoutOwn } from '../../../kit/own-engine.ts'

/** What the names of everything that the service has on a queue start with. */
export const NAMESPACE = PRODUCT.namespace

export type BrokerChoice = Exclude<QueueChoice, { kind: 'memory' }>
type BrokerName = 'NATS' | 'RabbitMQ' | 'Kafka'
type Kind = Readonly<{ name: BrokerName; kind: BrokerChoice['kind']; settledMs: number }>

/** RabbitMQ 3.10 writes down lazily that a replicated queue exists: one that is younger does not survive a kill. */
const KINDS: readonly Kind[] = [
  { name: 'NATS', kind: 'nats', settledMs: 0 },
  { name: 'RabbitMQ', kind: 'rabbitmq', settledMs: 6_000 },
  { name: 'Kafka', kind: 'kafka', settledMs: 0 },
]

/** The queues that processes share, for suites on the service as a whole. */
export const EVENT_BROKERS = KINDS.map(({ name, kind, settledMs }) => {
  const { choice, skip, clean } = brokers[name]?.() ?? { choice: null, skip: false, clean: async () => {} }

  return {
    name,
    skip: skip || skipWithout('postgres'),
    skipOwn: skipWithoutOwn(kind) || skipWithout('postgres'),

    /** The server of the tests, which stays up; what the service and these consumers leave there is removed. */
    shared: (consumers: readonly string[]) => ({
      choice: choice as BrokerChoice,
      [Symbol.asyncDispose]: () => clean(NAMESPACE, ['notifications', ...consumers]),
    }),

    /** A server that may be killed, and may lose everything. */
    async own() {
      const { url, ...server } = await ownEngine(kind)
      await server.start()
      return { ...server, choice: { kind, url }, settledMs }
    },
  }
})

/** Clusters of which `kill` ends one server after the other. */
export const EVENT_CLUSTERS = [
  {
    name: 'a cluster of NATS',
    skipOwn: skipWithoutOwn('nats') || skipWithout('postgres'),
    async own() {
      const { url, ...cluster } = await startNatsCluster()
      return { ...cluster, choice: { kind: 'nats', url } as const, settledMs: 0 }
    },
  },
]

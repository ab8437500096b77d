import { jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { natsUrl, skipWithout } from '../kit/engines.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { describeMessageQueue } from './message-queue.contract.ts'
import type { QueueUnderTest } from './opened-queue.ts'

async function connected<Result>(use: (connection: NatsConnection) => Promise<Result>): Promise<Result> {
  const connection = await connect({ servers: new URL(natsUrl ?? '').host })
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

const underTest: QueueUnderTest = {
  choice: { kind: 'nats', url: natsUrl ?? '' },

  publishBytes: (namespace, body) =>
    connected(async (connection) => {
      connection.publish(`${namespace}.nonsense`, body)
      await connection.flush()
    }),

  reasons: (namespace, name) =>
    connected(async (connection) => {
      const jsm = await jetstreamManager(connection)
      const subject = { last_by_subj: `${namespace}-dead-letters.${name}` }
      const last = await jsm.streams.getMessage(`${namespace}-dead-letters`, subject)
      return [last?.header.get('Dead-Letter-Reason') ?? '']
    }),

  clean: (namespace) =>
    connected(async (connection) => {
      const jsm = await jetstreamManager(connection)
      for (const suffix of ['', '-dead-letters', '-consumers']) await jsm.streams.delete(`${namespace}${suffix}`)
    }),

  async ownServer() {
    if (skipWithoutOwn('nats')) return null
    const server = await ownEngine('nats')
    return { ...server, choice: { kind: 'nats', url: server.url }, settled: async () => {} }
  },
}

describeMessageQueue('the NATS queue', underTest, {
  isShared: true,
  noticesRepetition: true,
  skip: skipWithout('nats'),
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChannelModel, connect } from 'amqplib'
import { openMessageQueue } from '../../src/infrastructures/message-queue/open-message-queue.ts'
import { QueueSetupError } from '../../src/infrastructures/message-queue/queue-options.ts'
import { amqpUrl, skipWithout } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { succeeded } from '../kit/succeeded.ts'
import { describeMessageQueue } from './message-queue.contract.ts'
import type { QueueUnderTest } from './opened-queue.ts'
import { aMessage, DAY_MS, eventually, openWorld } from './queue-world.ts'

/** RabbitMQ 3.10 writes down lazily that a replicated queue exists: one that is younger does not survive a kill. */
const DECLARE_TIMEOUT_MS = 6_000

async function connected<Result>(use: (connection: ChannelModel) => Promise<Result>): Promise<Result> {
  const connection = await connect(amqpUrl ?? '')
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

const underTest: QueueUnderTest = {
  choice: { kind: 'rabbitmq', url: amqpUrl ?? '' },

  publishBytes: (namespace, body) =>
    connected(async (connection) => {
      const channel = await connection.createConfirmChannel()
      channel.publish(`${namespace}.events`, `${namespace}.nonsense`, Buffer.from(body))
      await channel.waitForConfirms()
    }),

  reasons: (namespace, name) =>
    connected(async (connection) => {
      const channel = await connection.createChannel()
      const letter = await channel.get(`${namespace}.${name}.dead-letters`, { noAck: true })
      return letter === false ? [] : [String(letter.properties.headers?.['dead-letter-reason'])]
    }),

  clean: (namespace, names) =>
    connected(async (connection) => {
      const channel = await connection.createChannel()
      for (const name of names) {
        for (const suffix of ['', '.dead-letters', '.starts'])
          await channel.deleteQueue(`${namespace}.${name}${suffix}`)
      }
      for (const suffix of ['events', 'dead-letters']) await channel.deleteExchange(`${namespace}.${suffix}`)
    }),

  async ownServer() {
    if (skipWithoutOwn('rabbitmq')) return null
    const server = await ownEngine('rabbitmq')
    return { ...server, choice: { kind: 'rabbitmq', url: server.url }, settled: () => sleep(DECLARE_TIMEOUT_MS) }
  },
}

const skip = skipWithout('rabbitmq')

describeMessageQueue('the RabbitMQ queue', underTest, { isShared: true, noticesRepetition: false, skip })

describe('RabbitMQ', { skip }, () => {
  const options = { retentionMs: DAY_MS, minBackoffMs: 100, onError: () => {} }

  it('with a queue of other settings is refused at the start, with what helps', async () => {
    const namespace = `forum-test-${process.pid}`
    await connected(async (connection) => {
      const channel = await connection.createChannel()
      await channel.assertQueue(`${namespace}.mine`, { durable: false, autoDelete: true, exclusive: false })

      const opening = openMessageQueue(underTest.choice, { ...options, namespace, consumers: ['mine'] })

      await assert.rejects(opening, (error) => error instanceof QueueSetupError && /other settings/.test(error.hint))
      await channel.deleteQueue(`${namespace}.mine`)
    })
    await underTest.clean?.(namespace, ['mine'])
  })

  it('that does not know the user is refused at the start, and the error contains no password', async () => {
    const url = new URL(amqpUrl ?? '')
    url.password = 'canary'

    const opening = openMessageQueue({ kind: 'rabbitmq', url: url.href }, { ...options, namespace: 'x', consumers: [] })

    await assert.rejects(
      opening,
      (error) => error instanceof QueueSetupError && !/canary/.test(`${error} ${error.cause}`),
    )
  })

  it('that refuses a message is asked again over another connection', async () => {
    const world = openWorld(underTest)
    const queue = await world.open()
    const full = `${world.namespace}.full`
    await connected(async (connection) => {
      const channel = await connection.createChannel()
      await channel.assertQueue(full, { maxLength: 1, arguments: { 'x-overflow': 'reject-publish' } })
      await channel.bindQueue(full, `${world.namespace}.events`, '#')
      await queue.publish([aMessage('it has room for one')])

      await assert.rejects(queue.publish([aMessage('refused')]))

      await channel.deleteQueue(full)
    })
    await eventually('it is taken', () => succeeded(queue.publish([aMessage('taken')])))
    assert.match(world.troubles.join(), /refused a published message/)
    await world.close()
  })

  it('that is away first and refuses then is left alone', async () => {
    let asked = 0
    await using wire = await startFaultProxy(new URL(amqpUrl ?? ''), () => asked++)
    const url = new URL(wire.url)
    url.password = 'wrong'
    await wire.set('reset')
    const onError = () => void wire.set('pass')

    const opening = openMessageQueue(
      { kind: 'rabbitmq', url: url.href },
      { ...options, onError, namespace: 'x', consumers: [] },
    )

    await assert.rejects(opening, QueueSetupError)
    const before = asked
    await sleep(1_000)
    assert.equal(asked, before)
  })
})

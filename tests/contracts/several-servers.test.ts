import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { QueueChoice } from '../../src/infrastructures/message-queue/open-message-queue.ts'
import { openMongodb } from '../../src/infrastructures/store/mongodb/open-mongodb.ts'
import { amqpUrl, kafkaUrl, natsUrl, skipWithout } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { freshMongodb } from '../kit/fresh-mongodb.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { freePorts } from '../kit/service.ts'
import { succeeded } from '../kit/succeeded.ts'
import { aMessage, assertDelivers, eventually, openWorld } from './queue-world.ts'

type ServerChoice = Exclude<QueueChoice, { kind: 'memory' }>

/** The same URL with several servers: those before the one of the tests, in their order, then that. */
const withServers = (url: string, ...hosts: readonly string[]): string => {
  const { host } = new URL(url)
  return url.replace(host, [...hosts, host].join())
}

async function aDeadServer(): Promise<string> {
  const [port] = await freePorts(1)
  return `127.0.0.1:${port}`
}

for (const [name, engine, choice] of [
  ['NATS', 'nats', { kind: 'nats', url: natsUrl ?? '' }],
  ['RabbitMQ', 'rabbitmq', { kind: 'rabbitmq', url: amqpUrl ?? '' }],
  ['Kafka', 'kafka', { kind: 'kafka', url: kafkaUrl ?? '' }],
] as const satisfies readonly (readonly [string, string, ServerChoice])[]) {
  describe(`several servers of ${name} in a URL`, { skip: skipWithout(engine) }, () => {
    it('are tried one after the other', async () => {
      const world = openWorld({ choice: { ...choice, url: withServers(choice.url, await aDeadServer()) } })
      await assertDelivers(world)
    })

    it('stand in for one that goes away', async () => {
      await using wire = await startFaultProxy(new URL(choice.url))
      const world = openWorld({ choice: { ...choice, url: withServers(choice.url, new URL(wire.url).host) } })
      try {
        const queue = await world.open()
        await queue.publish([aMessage('before')])
        await wire.set('refuse')
        await eventually('another one is found', () => succeeded(queue.publish([aMessage('after')])), 15_000)
      } finally {
        await world.close()
      }
    })
  })
}

describe('several servers of MongoDB in a URL', { skip: skipWithout('mongodb') }, () => {
  it('are tried one after the other', async () => {
    const { url, drop } = freshMongodb()
    const { aggregates } = LIBRARY
    const several = withServers(url, await aDeadServer())
    const store = await openMongodb({ aggregates, url: several, poolSize: 2, migrates: true })
    await assert.doesNotReject(store.ping())
    await store.close()
    await drop()
  })
})

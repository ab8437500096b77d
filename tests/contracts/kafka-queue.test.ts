import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Admin, ProduceAcks, Producer } from '@platformatic/kafka'
import type { Delivery } from '../../src/domains/ports/message-queue.ts'
import { openMessageQueue } from '../../src/infrastructures/message-queue/open-message-queue.ts'
import { QueueSetupError } from '../../src/infrastructures/message-queue/queue-options.ts'
import { selfSignedCertificate } from '../kit/certificate.ts'
import { kafkaUrl, skipWithout } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { cleanKafka, optionsFor, readTopic } from '../kit/kafka-topics.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { describeMessageQueue } from './message-queue.contract.ts'
import type { QueueUnderTest } from './opened-queue.ts'
import { aConsumer, aMessage, DAY_MS, eventually, notebook, textOf, useQueueWorld } from './queue-world.ts'

/** The number of a request (Kafka's protocol guide, "API Keys"). */
const OFFSET_FETCH = 9

/** Before the group gives up one that does not give back what it has. */
const SOON_MS = 12_000

const PROCESS = fileURLToPath(new URL('queue-process.ts', import.meta.url))

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

const skip = skipWithout('kafka')

function openAdmin() {
  const admin = new Admin(optionsFor(kafkaUrl ?? ''))
  return Object.assign(admin, { [Symbol.asyncDispose]: () => admin.close() })
}

describeMessageQueue('the Kafka queue', underTest, { isShared: true, noticesRepetition: false, skip })

describe('processes on Kafka', { skip }, () => {
  const world = useQueueWorld(underTest)

  it('share the messages of a name, each once and in order, while some come and go', async () => {
    const { open, newName } = world()
    const name = newName()
    const queue = await open(underTest.choice, [name])
    const handled: { by: number; key: string; round: number }[] = []
    const take = (by: number) => async (delivery: Delivery) => {
      const [key = '', round] = textOf(delivery).split(' ')
      handled.push({ by, key, round: Number(round) })
      await sleep(2)
    }
    const keys = Array.from({ length: 30 }, (_, index) => `shared-${index}`)
    let rounds = 0
    async function publish(): Promise<void> {
      await queue.publish(keys.map((key) => aMessage(`${key} ${rounds}`, { key })))
      rounds++
    }

    const [leaving] = await Promise.all(
      [queue, await open(), await open()].map((each, by) => each.consume(aConsumer(name), take(by))),
    )
    await eventually(
      'each has a part',
      async () => {
        await publish()
        return new Set(handled.map(({ by }) => by)).size === 3
      },
      SOON_MS,
    )
    for (let more = 0; more < 5; more++) await publish()
    const stopping = leaving?.stop()
    for (let more = 0; more < 5; more++) await publish()
    await stopping
    await publish()

    await eventually('all are handled', () => handled.length >= rounds * keys.length, SOON_MS)
    for (const [key, ones] of Map.groupBy(handled, (one) => one.key)) {
      const expected = Array.from({ length: rounds }, (_, round) => round)
      assert.deepEqual(
        ones.map(({ round }) => round),
        expected,
        key,
      )
    }
  })
})

describe('a process that its group has given up', { skip }, () => {
  const world = useQueueWorld(underTest)

  it('starts nothing more, though its lease is not over', async () => {
    const { queue, open, newName, namespace } = world()
    const name = newName()
    const held = Promise.withResolvers<void>()
    const expelled = notebook((text) => (text === 'held' ? held.promise : undefined))
    const next = notebook()
    await queue().consume(aConsumer(name), expelled.handle)
    await queue().publish([aMessage('held')])
    await expelled.has('held')
    await using admin = openAdmin()

    await admin.removeMembersFromConsumerGroup({ groupId: `${namespace}.${name}`, members: null })
    await (await open()).consume(aConsumer(name), next.handle)
    await sleep(2_000)
    await queue().publish([aMessage('next')])

    await next.has('next')
    assert.deepEqual(expelled.texts, ['held'])
    held.resolve()
  })
})

describe('a name that several processes make known at once', { skip }, () => {
  const world = useQueueWorld(underTest)

  it('gets all that is published after the first, though another found it unknown before', async () => {
    const { open, newName } = world()
    const name = newName()
    const isAsked = Promise.withResolvers<void>()
    await using wire = await startFaultProxy(new URL(kafkaUrl ?? ''), (bytes) => {
      if (bytes.readInt16BE(4) === OFFSET_FETCH) isAsked.resolve()
    })
    const { handle, has } = notebook()

    const second = open({ kind: 'kafka', url: wire.url }, [name])
    await isAsked.promise
    await wire.set('late')
    const first = await open(underTest.choice, [name])
    await first.publish([aMessage('after the first')])
    await wire.set('pass')
    await (await second).consume(aConsumer(name), handle)

    await has('after the first')
  })
})

describe('a topic with one partition', { skip }, () => {
  const choice = { kind: 'kafka', url: `${kafkaUrl}/?partitions=1` } as const
  const world = useQueueWorld({ ...underTest, choice })

  it('has the messages after a stuck one handled once, by the process that takes over', async () => {
    const { queue, newName } = world()
    const name = newName()
    const attempts: number[] = []
    const failing = notebook((text, { attempt }) => {
      if (text !== 'stuck') return
      attempts.push(attempt)
      throw new Error('not yet')
    })
    const next = notebook((text, { attempt }) => text === 'stuck' && attempts.push(attempt))
    const first = await queue().consume(aConsumer(name, { attempts: 20 }), failing.handle)
    const others = Array.from({ length: 50 }, (_, index) => `other ${index}`)

    await queue().publish(['stuck', ...others].map((text) => aMessage(text)))
    await failing.has(...others)
    await first.stop()
    await queue().consume(aConsumer(name), next.handle)
    await queue().publish([aMessage('after')])

    await next.has('stuck', 'after')
    assert.deepEqual(next.texts.toSorted(), ['after', 'stuck'])
    assert.deepEqual(
      attempts,
      Array.from(attempts, (_, index) => index + 1),
    )
  })

  it('is read on from its oldest message, where what came next was not kept', async () => {
    const { queue, newName, namespace } = world()
    const name = newName()
    const { handle, has, texts } = notebook()
    const first = await queue().consume(aConsumer(name), async () => {})
    await first.stop()
    await using admin = openAdmin()
    const topic = `${namespace}.events`
    const endOf = async () => {
      const asked = { name: topic, partitions: [{ partitionIndex: 0, timestamp: -1n }] }
      const [listed] = await admin.listOffsets({ topics: [asked] })
      return listed?.partitions[0]?.offset ?? 0n
    }

    await queue().publish([aMessage('gone')])
    await admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition: 0, offset: await endOf() }] }] })
    await queue().publish([aMessage('kept')])
    await queue().consume(aConsumer(name), handle)

    await has('kept')
    assert.deepEqual(texts, ['kept'])
  })

  it('may be given more, while the service runs', async () => {
    const { queue, newName, namespace } = world()
    const { handle, has } = notebook()
    await queue().consume(aConsumer(newName()), handle)
    const topic = `${namespace}.events`
    await using admin = openAdmin()
    assert.equal((await admin.metadata({ topics: [topic] })).topics.get(topic)?.partitionsCount, 1)

    await admin.createPartitions({ topics: [{ name: topic, count: 4, assignments: null }], validateOnly: false })
    const messages = (word: string) => Array.from({ length: 50 }, (_, index) => aMessage(`${word} ${index}`))
    await eventually('the publisher knows of them', async () => {
      await queue().publish(messages('before'))
      return isSpread(topic)
    })
    await queue().publish(messages('after'))

    await has(...messages('after').map(({ body }) => body))
  })

  /** Whether something was published to a partition that is new. */
  async function isSpread(topic: string): Promise<boolean> {
    const read = await readTopic(kafkaUrl ?? '', topic)
    return new Set(read.map(({ partition }) => partition)).size > 1
  }
})

describe('Kafka that wants to know who asks, over TLS', { skip: skip || skipWithoutOwn('kafka') }, () => {
  const options = {
    namespace: 'secured',
    consumers: ['one'],
    retentionMs: DAY_MS,
    minBackoffMs: 100,
    onError: () => {},
  }

  async function secured() {
    await using opening = new AsyncDisposableStack()
    const files = opening.use(await selfSignedCertificate())
    const keystore = `${files.certificateFile}.keystore`
    await writeFile(keystore, files.key + files.certificate)
    const settings = [
      'listener.security.protocol.map=PLAIN:SSL,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT',
      ...['ssl.keystore.type=PEM', `ssl.keystore.location=${keystore}`],
      ...['ssl.truststore.type=PEM', `ssl.truststore.location=${files.certificateFile}`],
    ]
    const server = opening.use(await ownEngine('kafka', { KAFKA_OPTIONS: settings.join('\n') }))
    await server.start()
    const { host, hostname, port } = new URL(server.url)
    const opened = opening.move()
    return {
      files,
      tls: `kafkas://${host}`,
      as: (password: string, mechanism: string) =>
        `kafka://forum:${password}@${hostname}:${Number(port) + 2}/?mechanism=${mechanism}`,
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  }

  it('is spoken to by each mechanism and over TLS, and refuses others at the start', async () => {
    await using server = await secured()
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
      const queue = await openMessageQueue({ kind: 'kafka', url: server.as('forum', mechanism) }, options)
      await queue.publish([aMessage(mechanism)])
      await queue.close()

      const opening = openMessageQueue({ kind: 'kafka', url: server.as('canary', mechanism) }, options)
      await assert.rejects(
        opening,
        (error) => error instanceof QueueSetupError && !/canary/.test(`${error} ${error.cause}`),
        mechanism,
      )
    }
    const untrusted = openMessageQueue({ kind: 'kafka', url: server.tls }, options)
    await assert.rejects(untrusted, /certificate is not trusted/)

    const settings = {
      choice: { kind: 'kafka', url: server.tls },
      namespace: 'secured',
      consumer: aConsumer('one'),
      pauseMs: 0,
    }
    const child = spawn(process.execPath, [PROCESS, JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: server.files.certificateFile },
    })
    let said = ''
    child.stdout.on('data', (text) => {
      said += text
    })
    await eventually('a process that trusts it has all', () => said.split('\n').length > 3)
    child.kill('SIGKILL')
    assert.deepEqual(said.trim().split('\n').toSorted(), ['1 plain', '1 scram-sha-256', '1 scram-sha-512'])
  })
})

import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, afterEach, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, Delivery, Message, MessageQueue, Subscription } from '../../src/domains/ports/message-queue.ts'
import { openMessageQueue, type QueueChoice } from '../../src/infrastructures/message-queue/open-message-queue.ts'
import { type FaultProxy, startFaultProxy } from '../kit/fault-proxy.ts'
import type { QueueUnderTest } from './opened-queue.ts'

export type QueueWorld = ReturnType<typeof openWorld>

export const DAY_MS = 86_400_000

/** One namespace for a suite, whose tests keep apart by the names of their consumers and by what they publish. */
export function useQueueWorld(underTest: QueueUnderTest): () => QueueWorld {
  let world: QueueWorld | undefined
  before(async () => {
    world = openWorld(underTest)
    await world.open()
  })
  afterEach(() => world?.stopAll())
  after(() => world?.close())
  return () => world ?? assert.fail('the queue did not open')
}

export function openWorld(underTest: QueueUnderTest, namespace = `forum-test-${randomBytes(5).toString('hex')}`) {
  const queues: MessageQueue[] = []
  const wires: FaultProxy[] = []
  const names = new Set<string>()
  const troubles: Error[] = []
  const subscriptions = new Set<Subscription>()

  async function open(
    choice: QueueChoice = underTest.choice,
    consumers: readonly string[] = [],
    topics: Readonly<Record<string, readonly string[]>> = {},
  ): Promise<MessageQueue> {
    const queue = await openMessageQueue(choice, {
      namespace,
      consumers,
      topics,
      retentionMs: DAY_MS,
      minBackoffMs: 100,
      onError: (error) => troubles.push(error),
    })
    for (const name of consumers) names.add(name)
    const { consume } = queue
    const watched: MessageQueue = {
      ...queue,
      async consume(...of) {
        const subscription = await consume(...of)
        subscriptions.add(subscription)
        return subscription
      },
    }
    queues.push(watched)
    return watched
  }

  return {
    namespace,
    underTest,
    troubles,
    open,
    queue: () => queues[0] ?? assert.fail('no queue is open'),

    newName(): string {
      const name = `name-${randomBytes(4).toString('hex')}`
      names.add(name)
      return name
    },

    /** A queue behind a wire that can fail. */
    async openWired() {
      const { choice } = underTest
      if (choice.kind === 'memory') throw new Error('there is no wire to memory')
      const wire = await startFaultProxy(new URL(choice.url))
      wires.push(wire)
      return { wire, queue: await open({ ...choice, url: wire.url }) }
    },

    async stopAll(): Promise<void> {
      await Promise.all([...subscriptions].map(({ stop }) => stop()))
      subscriptions.clear()
    },

    async close(): Promise<void> {
      await Promise.all(queues.map((queue) => queue.close()))
      for (const wire of wires) await wire.close()
      await underTest.clean?.(namespace, [...names])
    },
  }
}

export const aConsumer = (name: string, more: Partial<Consumer> = {}): Consumer => ({
  name,
  attempts: 4,
  timeoutMs: 10_000,
  ...more,
})

export const aMessage = (text: string, more: Partial<Message> = {}): Message => ({
  id: randomUUID(),
  key: text,
  topic: 'book.written',
  body: text,
  ...more,
})

export const textOf = ({ body }: Delivery): string => Buffer.from(body).toString()

/** Looks until it is true, and says what it waited for if that takes too long. */
export async function eventually(what: string, isTrue: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  for (const deadline = performance.now() + ms; !(await isTrue()); await sleep(10)) {
    if (performance.now() > deadline) assert.fail(`waited in vain until ${what}`)
  }
}

/** A handler that notes what it was given; `only` keeps what other tests publish apart. */
export function notebook(then: (text: string, delivery: Delivery) => unknown = () => {}) {
  const texts: string[] = []
  const handle = async (delivery: Delivery): Promise<void> => {
    const text = textOf(delivery)
    texts.push(text)
    await then(text, delivery)
  }
  return {
    texts,
    handle,
    has: (...wanted: string[]) => eventually(`${wanted} arrived`, () => wanted.every((text) => texts.includes(text))),
  }
}

/** Opens the queue of a world, lets it deliver a message, and closes the world. */
export async function assertDelivers(world: QueueWorld): Promise<void> {
  try {
    const queue = await world.open()
    const { handle, has } = notebook()
    await queue.consume(aConsumer(world.newName()), handle)
    await queue.publish([aMessage('received')])
    await has('received')
  } finally {
    await world.close()
  }
}

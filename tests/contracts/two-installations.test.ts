import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { openRedis } from '../../src/infrastructures/cache/redis/redis-cache.ts'
import { type Broker, brokers } from '../kit/brokers.ts'
import { redisUrl, skipWithout } from '../kit/engines.ts'
import { aSource } from './opened-cache.ts'
import { aConsumer, aMessage, eventually, notebook, openWorld, type QueueWorld } from './queue-world.ts'

const { 'the memory queue': _, ...SHARED } = brokers

/** Consumers that both have. */
const [READERS, RETRIERS] = ['readers', 'retriers'] as const

/** The one name begins as the other does. */
function twoNames(): readonly [string, string] {
  const first = `forum-test-${randomBytes(5).toString('hex')}`
  return [first, `${first}-two`]
}

for (const [name, brokerOf] of Object.entries(SHARED)) {
  const broker = brokerOf()
  describe(`two installations on one ${name}, with the same names but for the prefix`, { skip: broker.skip }, () => {
    const two = useTwoWorlds(broker)

    it('consume at the same time, each what it published itself', async () => {
      const [one, other] = two()
      const consumer = aConsumer(READERS)
      const [here, there] = [notebook(), notebook()]
      await one.queue().consume(consumer, here.handle)
      await other.queue().consume(consumer, there.handle)

      const message = aMessage('from the one')
      await one.queue().publish([message])
      await here.has('from the one')
      await other.queue().publish([{ ...message, body: 'from the other' }])
      await there.has('from the other')
      await one.queue().publish([aMessage('the last', { key: message.key })])
      await here.has('the last')

      assert.deepEqual([here.texts, there.texts], [['from the one', 'the last'], ['from the other']])
    })

    it('count attempts and dead letters by themselves, also of messages with the same id', async () => {
      const [one, other] = two()
      const consumer = aConsumer(RETRIERS, { attempts: 2 })
      const setAside = async ({ queue }: QueueWorld) => (await queue().deadLetters())[consumer.name] ?? 0
      const message = aMessage('poison')
      const fail = async () => {
        throw new Error('it fails')
      }
      const attempts: number[] = []
      await one.queue().consume(consumer, fail)
      await other.queue().consume(consumer, async ({ attempt }) => {
        attempts.push(attempt)
        if (attempt === 1) throw new Error('it fails once')
      })

      await one.queue().publish([message])
      await eventually('the one gave up', async () => (await setAside(one)) === 1)
      await other.queue().publish([message])
      await eventually('the other succeeded', () => attempts.length === 2)

      assert.deepEqual(attempts, [1, 2])
      assert.deepEqual([await setAside(one), await setAside(other)], [1, 0])
    })
  })
}

function useTwoWorlds({ choice, clean }: Broker): () => readonly [QueueWorld, QueueWorld] {
  let worlds: readonly [QueueWorld, QueueWorld] | undefined
  before(async () => {
    const [first, second] = twoNames()
    const underTest = { choice, clean: (namespace: string) => clean(namespace, [READERS, RETRIERS]) }
    worlds = [openWorld(underTest, first), openWorld(underTest, second)]
    for (const world of worlds) await world.open()
  })
  after(async () => {
    const [one, other] = worlds ?? []
    await one?.close()
    await other?.close()
  })
  return () => worlds ?? assert.fail('the queues did not open')
}

describe('two installations on one Redis', { skip: skipWithout('redis') }, () => {
  it('keep their copies, invalidations and counts apart', async () => {
    await using opening = new AsyncDisposableStack()
    const open = async (namespace: string): Promise<Cache> => {
      const listeners = { onDisconnected: () => {}, onReconnected: () => {} }
      return opening.adopt(
        await openRedis({ url: redisUrl ?? '', namespace, release: 'tests', ...listeners }),
        (cache) => cache.close(),
      )
    }
    const [first, second] = twoNames()
    const [one, other, otherAgain] = [await open(first), await open(second), await open(second)]
    const [here, there, never] = [aSource<string>('here'), aSource<string>('there'), aSource<string>('never')]

    assert.equal(await one.get('book:1', here.load), 'here')
    await one.ping()
    assert.equal(await other.get('book:1', there.load), 'there')
    await other.ping()
    await one.invalidate(['book:1'], ['book'])
    assert.equal(await otherAgain.get('book:1', never.load), 'there')

    await one.count('alice', 60)
    await one.count('alice', 60)
    assert.equal((await other.count('alice', 60)).used, 1)
  })
})

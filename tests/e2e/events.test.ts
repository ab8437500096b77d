import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runCommand, until } from '../kit/command.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { healthOf, openEventWorld, POSTGRES } from './event-queues.ts'
import { QUEUES } from './queues.ts'
import { openWorld, type World } from './world.ts'

for (const queue of QUEUES) {
  describe(`events on PostgreSQL and ${queue.name}`, { skip: POSTGRES.skip || queue.skip }, () => {
    it('are not begun on a queue that somebody else has set up: 78, and what helps', async () => {
      await using world = await openEventWorld(queue)
      const unspoil = await queue.spoil()

      const { code, stderr } = await runCommand([], { ...world, env: { ...world.env, QUEUE_URL: queue.url } })
      await unspoil()

      assert.equal(code, 78)
      assert.match(stderr, /refuses.*\n(Compare|A queue or exchange is there with other settings)/)
    })
  })
}

describe('a queue that does not know the service', { skip: POSTGRES.skip }, () => {
  async function assertRefused(world: World, url: string): Promise<void> {
    const { code, stderr } = await runCommand([], { ...world, env: { ...world.env, QUEUE_URL: url } })

    assert.equal(code, 78)
    assert.match(stderr, /refuses.*\nCheck the user.*QUEUE_URL/)
    assert.doesNotMatch(stderr, /canary/)
  }

  const [, RABBITMQ] = QUEUES
  it('ends its start on RabbitMQ: 78, and what helps', { skip: RABBITMQ.skip }, async () => {
    await using world = await openWorld(POSTGRES)
    const url = new URL(RABBITMQ.url)
    url.password = 'canary'

    await assertRefused(world, url.href)
  })

  it('ends its start on NATS: 78, and what helps', { skip: skipWithoutOwn('nats') }, async () => {
    await using world = await openWorld(POSTGRES)
    await using server = await ownEngine('nats', { NATS_OPTIONS: '--user forum --pass sesame' })
    await server.start()
    const url = new URL(server.url)
    url.username = 'forum'

    url.password = 'canary'
    await assertRefused(world, url.href)
    url.password = 'sesame'
    await using service = await world.start({ QUEUE_URL: url.href })
    await until('all is well', async () => (await healthOf(service)).status === 'up')
  })
})

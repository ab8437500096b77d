import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { commentNotifies } from '../kit/comment-notifies.ts'
import { redisUrl, skipWithout } from '../kit/engines.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { ENGINES, openWorld, type World } from './world.ts'

const [SQLITE] = ENGINES
const REQUESTS = 1_000

describe('two installations on one NATS and one Redis', {
  skip: skipWithoutOwn('nats') || skipWithout('redis'),
}, () => {
  it('with different NAME_PREFIX notify their own users of their own comments, and count their own requests', async () => {
    await using nats = await ownEngine('nats')
    await nats.start()
    const run = randomBytes(4).toString('hex')
    const shared = { QUEUE_URL: nats.url, CACHE_URL: redisUrl ?? '', RATE_LIMIT: `${REQUESTS}/h` }
    await using one = await openWorld(SQLITE)
    await using other = await openWorld(SQLITE)
    await using here = await one.start({ ...shared, NAME_PREFIX: `forum-${run}` })
    await using there = await other.start({ ...shared, NAME_PREFIX: `forum-${run}-two` })

    for (const [world, service] of [
      [one, here],
      [other, there],
      [one, here],
    ] as const) {
      await assertNotifies(world, clientOf(service))
    }
    assert.deepEqual([await usedBy(one, here.url), await usedBy(other, there.url)], [3, 2])
  })
})

async function assertNotifies(world: World, call: ReturnType<typeof clientOf>): Promise<void> {
  const { body: post } = await call(world.alice, 'POST', '/v1/posts', { body: { text: 'Who hears me?' } })
  await commentNotifies.cause(call, world, post.id)
  await until('Alice is notified', async () => (await commentNotifies.seenAt(call, world)).includes(post.id), 15_000)
}

/** How many requests of this hour Bob, who is the same in both, has made, with this one. */
async function usedBy({ bob }: World, url: string): Promise<number> {
  const answer = await fetch(`${url}/v1/users/me`, { headers: { authorization: `Bearer ${bob.token}` } })
  return REQUESTS - Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1])
}

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { tracedTo } from '../kit/collector.ts'
import { skipWithout } from '../kit/engines.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { assertCommentTraces } from './comment-trace.ts'
import { ALL_ENGINES, ENGINES, openWorld } from './world.ts'

const [, POSTGRES] = ENGINES
const skip = skipWithout('otel')
const WORKERS = POSTGRES.skip || skipWithoutOwn('nats')

for (const engine of ALL_ENGINES) {
  describe(`traces on ${engine.name} and the queue in memory`, { skip: engine.skip || skip }, () => {
    it('show a comment and its notification as one, from REST and from gRPC', async () => {
      await using world = await openWorld(engine)
      await using service = await world.start(tracedTo())

      await assertCommentTraces(service, world, 'in_memory')
      assert.equal(await service.stop(), 0)
    })
  })
}

describe('traces on PostgreSQL and NATS', { skip: WORKERS || skip }, () => {
  it('show a comment and its notification as one, whichever of several workers handles it', async () => {
    await using world = await openWorld(POSTGRES)
    await using nats = await ownEngine('nats')
    await nats.start()
    await using service = await world.start({ ...tracedTo(), WORKERS: '2', QUEUE_URL: nats.url })

    await assertCommentTraces(service, world, 'nats')
    assert.equal(await service.stop(), 0)
  })
})

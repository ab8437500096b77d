import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertRefused, grpcClientOf } from '../kit/grpc-client.ts'
import { ENGINES, openWorld } from './world.ts'

const [SQLITE] = ENGINES

describe('a gRPC stream of notifications', { skip: SQLITE.skip }, () => {
  it('ends with the service, and says so', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start()
    const client = grpcClientOf(service.grpcAddress)
    const watch = client.watch(world.alice)
    await watch.opened

    const code = await service.stop()

    assert.equal(code, 0)
    assertRefused(await watch.ended, 'UNAVAILABLE', 'SHUTTING_DOWN')
    client.close()
  })
})

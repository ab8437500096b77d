import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGrpcForum } from '../kit/grpc.ts'
import { TRANSPORTS } from '../kit/transports.ts'
import { PLACES } from './places.ts'
import { describeWritten, type Written } from './written.contract.ts'

const POST: Written = { noun: 'post', limit: 10_000, around: async () => ({}) }

for (const { name, skip, open } of PLACES) {
  describe(`a post over ${name}`, { skip }, () => describeWritten(POST, open))
}

describe('both transports', () => {
  it('take up where the other left off: cursors and keys are the same', async () => {
    await using forum = await openGrpcForum()
    const [rest, grpc] = [TRANSPORTS.REST(forum), TRANSPORTS.gRPC(forum)]
    const { alice } = forum
    const post = (await rest.write(alice, 'post', { text: 'One.' }, 'key-1')).value
    await grpc.write(alice, 'post', { text: 'Two.' })

    const replay = await grpc.write(alice, 'post', { text: 'One.' }, 'key-1')
    assert.deepEqual([replay.isReplay, replay.value], [true, post])

    const createdFrom = '2020-01-01T00:00:00.000Z'
    const { next } = (await rest.list(alice, 'post', { limit: 1, ownerId: alice.id, createdFrom })).value
    const page = await grpc.list(alice, 'post', { limit: 1, ownerId: alice.id, createdFrom, cursor: next ?? '' })
    assert.deepEqual(page.value.items, [post])
  })
})

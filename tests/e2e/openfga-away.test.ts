import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clientOf } from '../kit/client.ts'
import { runCommand, until } from '../kit/command.ts'
import { EFFECTS } from '../kit/forum-effects.ts'
import { freshOpenFgaStore } from '../kit/openfga.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { ENGINES, openWorld } from './world.ts'

const [SQLITE] = ENGINES

describe('consumers in one process, whose queue is in its memory', {
  skip: SQLITE.skip || skipWithoutOwn('openfga'),
}, () => {
  it('go on while OpenFGA holds up one of them; that one misses nothing, though the process is killed', async () => {
    await using engine = await ownEngine('openfga')
    await engine.start()
    const store = await freshOpenFgaStore({ server: engine.url })
    await using world = await openWorld(SQLITE)
    const { alice } = world
    const env = { AUTHORIZATION_URL: store.setting, QUEUE_URL: 'memory:' }
    await using service = await world.start(env)
    const call = clientOf(service)
    const post = async () => (await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })).body.id

    await engine.kill()
    const posts: string[] = []
    for (let round = 1; round <= 3; round++) {
      const id = await post()
      posts.push(id)
      for (const { handler, cause, seenAt } of EFFECTS) {
        await cause(call, world, id)
        await until(`${handler} is seen`, async () => (await seenAt(call, world)).length === round)
      }
    }
    await service.kill()
    await engine.start()

    await using next = await world.start(env)
    const check = () =>
      runCommand(['authorization-rebuild', '--check'], { directory: world.directory, env: { ...world.env, ...env } })
    await until('the tuples follow', async () => (await check()).code === 0, 30_000)
    const owners = (await store.tuples()).filter((tuple) => tuple.includes(' owner post:'))
    assert.deepEqual(owners, posts.map((id) => `user:${alice.id} owner post:${id}`).toSorted())
    for (const { seenAt } of EFFECTS) {
      assert.deepEqual((await seenAt(clientOf(next), world)).toSorted(), posts.toSorted())
    }
  })
})

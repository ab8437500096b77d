import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clientOf } from '../kit/client.ts'
import { runCommand, until } from '../kit/command.ts'
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
    const { alice, bob } = world
    const env = { AUTHORIZATION_URL: store.setting, QUEUE_URL: 'memory:' }
    const notified = async (call: ReturnType<typeof clientOf>) =>
      (await call(alice, 'GET', '/v1/notifications')).body.items?.length
    await using service = await world.start(env)
    const call = clientOf(service)
    const post = async () => (await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })).body.id

    await engine.kill()
    const posts: unknown[] = []
    for (let round = 1; round <= 3; round++) {
      posts.push(await post())
      await call(bob, 'POST', '/v1/comments', { body: { postId: posts.at(-1), text: 'Well.' } })
      await until('the owner is told', async () => (await notified(call)) === round)
    }
    await service.kill()
    await engine.start()

    await using next = await world.start(env)
    const check = () =>
      runCommand(['authorization-rebuild', '--check'], { directory: world.directory, env: { ...world.env, ...env } })
    await until('the tuples follow', async () => (await check()).code === 0, 30_000)
    assert.equal((await store.tuples()).length, 2 * 2 * posts.length)
    assert.equal(await notified(clientOf(next)), posts.length)
  })
})

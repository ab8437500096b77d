import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertProblem } from '../kit/answers.ts'
import { statusOf } from '../kit/client.ts'
import { runCommand, until } from '../kit/command.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import { openStage, write } from './openfga-stage.ts'
import { ENGINES } from './world.ts'

const [SQLITE] = ENGINES
const skip = SQLITE.skip || skipWithoutOwn('openfga')

const health = async ({ healthUrl }: Readonly<{ healthUrl: string }>) => {
  const page = await fetch(`${healthUrl}/health-check`, { headers: { connection: 'close' } })
  const { status, checks } = (await page.json()) as { status: string; checks: { authorization: { status: string } } }
  return [status, checks.authorization.status]
}

describe('with OpenFGA', { skip }, () => {
  it('the owner changes at once what was just written, others are refused, and tuples follow until they are deleted', async () => {
    await using stage = await openStage()
    const { call, alice, bob, ada, store } = stage
    const post = await write(call, alice)
    const id = post.split('/').at(-1)

    assert.equal((await call(alice, 'PUT', post, { body: { text: 'Mine.' } })).status, 200)
    assertProblem(await call(bob, 'PUT', post, { body: { text: 'Yours.' } }), 403, 'forbidden')
    assertProblem(await call(bob, 'DELETE', post, { headers: { 'if-match': '"9"' } }), 403, 'forbidden')
    assertProblem(await call(alice, 'DELETE', post, { headers: { 'if-match': '"9"' } }), 412, 'stale-version')
    assert.equal((await call(ada, 'PUT', post, { body: { text: 'Moderated.' } })).status, 200)
    const other = (await write(call, bob)).split('/').at(-1)
    const tuplesOf = (owner: string, one: string | undefined) => [
      `system:forum system post:${one}`,
      `user:${owner} owner post:${one}`,
    ]
    await stage.settled()
    assert.deepEqual(await store.tuples(), [...tuplesOf(alice.id, id), ...tuplesOf(bob.id, other)].sort())

    assert.equal((await call(alice, 'DELETE', post)).status, 204)
    await stage.settled()
    assert.deepEqual(await store.tuples(), tuplesOf(bob.id, other))
  })

  it('somebody is a super admin for as long as it says so, whatever the token says', async () => {
    await using stage = await openStage()
    const { call, alice, bob, store } = stage
    const tuple = { user: `user:${bob.id}`, relation: 'super_admin', object: 'system:forum' }
    const post = await write(call, alice)

    await store.write(tuple)
    assert.equal((await call(bob, 'PUT', post, { body: { text: 'By an admin.' } })).status, 200)
    await store.delete(tuple)
    assertProblem(await call(bob, 'PUT', post, { body: { text: 'By nobody.' } }), 403, 'forbidden')
  })

  for (const away of ['kill', 'pause'] as const) {
    it(`nothing is changed while it is away (${away}), reading and writing go on, and all heals by itself`, async () => {
      await using stage = await openStage()
      const { call, alice, bob, engine, service } = stage
      const post = await write(call, alice)
      assert.deepEqual(await health(service), ['up', 'up'])

      await engine[away]()
      for (const who of [alice, bob]) {
        const start = performance.now()
        assertProblem(await call(who, 'PUT', post, { body: { text: 'When?' } }), 503, 'dependency-unavailable')
        assert.ok(performance.now() - start < 5_000)
      }
      assertProblem(await call(alice, 'DELETE', post.replace(/[^/]{8}(?=[^/]+$)/, '00000000')), 404, 'post-not-found')
      assert.equal((await call(bob, 'GET', post)).body.text, 'Hello.')
      assert.equal((await call(bob, 'GET', '/v1/posts')).status, 200)
      await write(call, bob)
      assert.deepEqual(await health(service), ['degraded', 'down'])
      assert.equal(await statusOf(`${service.healthUrl}/ready`), 200)
      assert.match(service.logs(), /nothing can be changed or deleted: waiting for OpenFGA at .*AUTHORIZATION_URL/)

      await (away === 'kill' ? engine.start() : engine.resume())
      await until('it allows', async () => (await call(alice, 'DELETE', post)).status === 204)
      await stage.settled()
      assert.equal((await stage.store.tuples()).length, 2)
      assert.deepEqual(await health(service), ['up', 'up'])
      assert.match(service.logs(), /OpenFGA answers again/)
    })
  }
})

for (const database of ENGINES) {
  describe(`with OpenFGA and ${database.name}`, { skip: skip || database.skip }, () => {
    it('a check reports older rows and changes made by hand, and a rebuild repairs them', async () => {
      await using stage = await openStage({ AUTHORIZATION_URL: 'builtin:' }, database)
      const { call, alice, bob, store } = stage
      const post = (await write(call, alice)).split('/').at(-1)
      const gone = post?.replace(/^.{8}/, '00000000')
      for (const id of [gone, '1'])
        await store.write({ user: `user:${bob.id}`, relation: 'owner', object: `post:${id}` })
      const env = { ...stage.env, AUTHORIZATION_URL: store.setting }
      const command = (...words: readonly string[]) => runCommand(words, { directory: stage.directory, env })

      const checked = await command('authorization-rebuild', '--check')
      assert.equal(checked.code, 1)
      assert.deepEqual(
        checked.stdout.trim().split('\n').sort(),
        [
          `left over: user:${bob.id} owner post:1`,
          `left over: user:${bob.id} owner post:${gone}`,
          `missing: system:forum system post:${post}`,
          `missing: user:${alice.id} owner post:${post}`,
        ].sort(),
      )
      assert.match(checked.stderr, /^4 differences/)
      assert.equal((await command('authorization-rebuild')).code, 0)
      assert.equal((await command('authorization-rebuild', '--check')).code, 0)
      assert.deepEqual(await store.tuples(), [
        `system:forum system post:${post}`,
        `user:${alice.id} owner post:${post}`,
      ])
    })
  })
}

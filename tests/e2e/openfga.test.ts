import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertProblem } from '../kit/answers.ts'
import { clientOf, statusOf } from '../kit/client.ts'
import { runCommand, until } from '../kit/command.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { openStage, write } from './openfga-stage.ts'
import { ENGINES, type Env, openWorld } from './world.ts'

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

describe('the store and the model of OpenFGA', { skip }, () => {
  it('are written once, their ids are printed, and a service runs with them', async () => {
    await using engine = await ownEngine('openfga')
    await engine.start()
    await using world = await openWorld(SQLITE)
    const { host } = new URL(engine.url)
    const migrate = (url: string) =>
      runCommand(['authorization-migrate'], { directory: world.directory, env: { AUTHORIZATION_URL: url } })

    const first = await migrate(`openfga://${host}`)
    const [, store, model] = /^store (\w{26})\nmodel (\w{26})\n/.exec(first.stdout) ?? []
    const setting = `openfga://${host}?store=${store}&model=${model}`
    assert.deepEqual([first.code, first.stderr], [0, ''])
    assert.ok(first.stdout.endsWith(`AUTHORIZATION_URL=${setting}\n`), first.stdout)
    for (const url of [`openfga://${host}`, setting]) assert.equal((await migrate(url)).stdout, first.stdout)

    // OpenFGA itself would take a model for it.
    const misspelt = await migrate(`openfga://${host}?store=01KAAAAAAAAAAAAAAAAAAAAAAA`)
    assert.deepEqual([misspelt.code, misspelt.stdout], [78, ''], misspelt.stderr)
    assert.match(misspelt.stderr, /AUTHORIZATION_URL .*there is no store 01KA+\nwithout store=/)

    for (const url of [setting, `openfga://${host}`]) {
      await using service = await world.start({ AUTHORIZATION_URL: url })
      const call = clientOf(service)
      assert.equal((await call(world.alice, 'DELETE', await write(call, world.alice))).status, 204)
    }
  })

  it('must be there when the service starts, and the key right, or that ends with 78', async () => {
    await using engine = await ownEngine('openfga', {
      OPENFGA_OPTIONS: '--authn-method preshared --authn-preshared-keys sesame',
    })
    await engine.start()
    await using world = await openWorld(SQLITE)
    const { host } = new URL(engine.url)
    const run = (words: readonly string[], more: Env) =>
      runCommand(words, { directory: world.directory, env: { AUTHORIZATION_URL: `openfga://${host}`, ...more } })
    const key = { AUTHORIZATION_TOKEN: 'sesame' }

    for (const [env, why] of [
      [key, /AUTHORIZATION_URL http:\/\/.*there is no store called \S+\nnpm run authorization:migrate/],
      [{}, /401.*\nAUTHORIZATION_TOKEN/],
      [{ AUTHORIZATION_TOKEN: 'canary' }, /401.*\nAUTHORIZATION_TOKEN/],
    ] as const) {
      const { code, stderr } = await run([], { ...world.env, ...env })
      assert.deepEqual([code, why.test(stderr)], [78, true], stderr)
      assert.doesNotMatch(stderr, /canary|sesame/)
    }
    assert.equal((await run(['authorization-migrate'], {})).code, 78)
    assert.equal((await run(['authorization-migrate'], key)).code, 0)
    await using service = await world.start({ AUTHORIZATION_URL: `openfga://${host}`, ...key })
    const call = clientOf(service)
    assert.equal((await call(world.alice, 'DELETE', await write(call, world.alice))).status, 204)
  })

  it('are wanted of an engine: with the built-in rule the commands say how they are used', async () => {
    await using world = await openWorld(SQLITE)
    for (const words of [['authorization-migrate'], ['authorization-rebuild'], ['authorization-rebuild', '--check']]) {
      const { code, stderr } = await runCommand(words, { directory: world.directory })
      assert.deepEqual([code, /names no engine/.test(stderr)], [2, true])
    }
  })
})

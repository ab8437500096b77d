import assert from 'node:assert/strict'
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { clientOf } from '../kit/client.ts'
import { freshDirectory, runCommand, until } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { grpcClientOf } from '../kit/grpc-client.ts'
import {
  healthOf,
  rateLimitOf,
  replaceFile,
  startAsking,
  untilConfiguration,
  untilRateLimit,
} from '../kit/live-settings.ts'
import { parseMetrics } from '../kit/metrics.ts'
import { createPeople } from '../kit/people.ts'
import { type Service, startService } from '../kit/service.ts'
import { size } from '../kit/size.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'

const CANARY = 'canary-7f3a'
/** The same with Consul is a hundred times in any size. */
const CHANGES = size(20, 100, 8)

/** A service whose settings are in a file. */
async function openWorld(name: string, content: string, env: Readonly<Record<string, string>> = {}) {
  await using opening = new AsyncDisposableStack()
  const { directory } = opening.use(await freshDirectory('forum-settings-'))
  const issuer = opening.use(await startTestIssuer())
  await mkdir(join(directory, 'v1'))
  await symlink('v1', join(directory, '..data'))
  await writeFile(join(directory, name), content)
  const settings = { DATABASE_URL: 'memory:', OIDC_ISSUER: issuer.issuer, CONFIG_URL: `file:./${name}`, ...env }
  const service = opening.use(await startService({ directory, env: settings }))
  const people = await createPeople(issuer)
  const opened = opening.move()
  return {
    ...people,
    directory,
    service,
    replace: (text: string) => replaceFile(directory, name, text),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function changesOf({ healthUrl }: Service): Promise<Record<string, number>> {
  const metrics = parseMetrics(await (await fetch(`${healthUrl}/metrics`)).text())
  const samples = metrics.get(`${PRODUCT.metrics}settings_changes_total`)?.samples ?? []
  return Object.fromEntries(samples.map(({ labels, value }) => [labels['outcome'], value]))
}

describe('settings in a file', { skip: skipWithout('memory'), concurrency: 2 }, () => {
  for (const [name, first, next] of [
    ['config.json', '{"RATE_LIMIT": "500/min"}', '{"RATE_LIMIT": "400/min"}'],
    ['config.yaml', 'RATE_LIMIT: 500/min\n', '# less\nRATE_LIMIT: 400/min\n'],
    ['forum.env', 'RATE_LIMIT=500/min\n', 'RATE_LIMIT=400/min\n'],
  ] as const) {
    it(`are read at the start and change at run time: ${name}`, async () => {
      await using world = await openWorld(name, first)
      const { alice, service } = world
      assert.equal(await rateLimitOf(service, alice), '500')

      await world.replace(next)

      await untilRateLimit(service, alice, '400')
      assert.match(service.logs(), new RegExp(`settings changed by ./${name}: RATE_LIMIT`))
    })
  }

  it('apply exactly: a limit that is lowered holds for what was used already', async () => {
    await using world = await openWorld('config.json', '{"RATE_LIMIT": "100/min"}')
    const { alice, bob, service } = world
    const ask = async () => (await clientOf(service)(alice, 'GET', '/v1/users/me')).status
    for (let used = 0; used < 5; used++) assert.equal(await ask(), 200)

    await world.replace('{"RATE_LIMIT": "7/min"}')
    await until('it is in force', () => service.logs().includes('settings changed'))

    assert.deepEqual([await ask(), await ask(), await ask()], [200, 200, 429])
    await world.replace('{"RATE_LIMIT": "off"}')
    await until('it is off', async () => (await rateLimitOf(service, bob)) === undefined)
    assert.equal(await ask(), 200)
  })

  describe('of one service, one change after the other,', { concurrency: 1 }, () => {
    let world: Awaited<ReturnType<typeof openWorld>>
    before(async () => {
      world = await openWorld('config.json', '{"RATE_LIMIT": "500/min"}')
    })
    after(() => world[Symbol.asyncDispose]())

    it('stay as they are while a change is wrong, all of them, and the log says so', async () => {
      const { alice, service } = world

      await world.replace(`{"RATE_LIMIT": "400/min", "LOG_LEVEL": "${CANARY}", "DATABASE_POOL_SIZE": 0}`)
      await untilConfiguration(service, 'down')

      const health = await healthOf(service)
      assert.equal(health.status, 'degraded')
      assert.match(
        health.checks.configuration.cause ?? '',
        /^LOG_LEVEL must be one of .*\(in .\/config.json\); DATABASE_POOL_SIZE must .*\(in/,
      )
      assert.equal(await rateLimitOf(service, alice), '500')
      assert.match(service.logs(), /the settings stay as they are, as those of .*config.json are wrong: LOG_LEVEL/)
      assert.deepEqual(await changesOf(service), { applied: 0, refused: 1 })

      await world.replace('{"RATE_LIMIT": "400/min"}')
      await untilRateLimit(service, alice, '400')
      await untilConfiguration(service, 'up')
      assert.deepEqual(await changesOf(service), { applied: 1, refused: 1 })
      assert.match(service.logs(), /right again/)
      assert.ok(!service.logs().includes(CANARY))
    })

    it('stay as they are while the file is no settings, or away', async () => {
      const { alice, directory, service } = world

      for (const [content, why] of [
        [`{"RATE_LIMIT": "${CANARY}`, 'the file is not valid JSON'],
        ['[]', 'the file must be an object of names and values'],
        ['{"RATE_LIMIT": {"requests": 5}}', 'RATE_LIMIT must be a text'],
        [null, 'the file is not there'],
      ] as const) {
        if (content === null) await rm(join(directory, 'config.json'))
        else await world.replace(content)
        await until(why, async () => (await healthOf(service)).checks.configuration.cause?.startsWith(why) ?? false)
        assert.equal(await rateLimitOf(service, alice), '400', why)
      }
      await world.replace('{"RATE_LIMIT": "300/min"}')

      await untilRateLimit(service, alice, '300')
      assert.equal((await healthOf(service)).status, 'up')
      assert.ok(!service.logs().includes(CANARY))
    })

    it('hold for both transports', async () => {
      const { alice, service } = world
      const client = grpcClientOf(service.grpcAddress)
      const limit = async () => (await client.call(alice, 'forum.v1.UserService/GetMe')).headers['ratelimit-policy']
      assert.equal(await limit(), '"default";q=300;w=60')

      await world.replace('{"RATE_LIMIT": "50/s"}')
      await untilRateLimit(service, alice, '50')

      assert.equal(await limit(), '"default";q=50;w=1')
      client.close()
    })
  })

  for (const [what, content, why] of [
    ['is not there', null, /^ {2}CONFIG_URL \.\/config\.json: the file is not there$/m],
    ['is no JSON', `{"RATE_LIMIT": "${CANARY}`, /^ {2}CONFIG_URL \.\/config\.json: the file is not valid JSON$/m],
    ['is wrong', `{"RATE_LIMIT": "${CANARY}"}`, /^ {2}RATE_LIMIT must be .* \(in \.\/config\.json\)$/m],
  ] as const) {
    it(`end the start with 78 when the file ${what}`, async () => {
      await using place = await freshDirectory()
      const { directory } = place
      if (content !== null) await writeFile(join(directory, 'config.json'), content)

      const { code, stderr } = await runCommand([], { directory, env: { CONFIG_URL: 'file:./config.json' } })

      assert.equal(code, 78)
      assert.match(stderr, why)
      assert.ok(!stderr.includes(CANARY))
    })
  }

  it('are those of each command', async () => {
    await using place = await freshDirectory()
    const { directory } = place
    await writeFile(join(directory, 'config.json'), '{"DATABASE_URL": "sqlite:./elsewhere.db"}')

    const { code } = await runCommand(['migrate'], { directory, env: { CONFIG_URL: 'config.json' } })

    assert.equal(code, 0)
    assert.ok((await readdir(directory)).includes('elsewhere.db'))
  })

  it('change level, origins and algorithms at once, and name the settings that need a restart', async () => {
    await using world = await openWorld('config.json', '{}')
    const { alice, service } = world
    const origin = 'https://forum.example.org'
    const preflight = { headers: { origin, 'access-control-request-method': 'GET' } }
    assert.equal((await clientOf(service)(null, 'OPTIONS', '/v1/posts', preflight)).status, 405)
    assert.equal((await clientOf(service)(alice, 'GET', '/v1/posts')).status, 200)

    await world.replace(
      JSON.stringify({
        ...{ LOG_LEVEL: 'silent', CORS_ORIGINS: [origin], OIDC_ALGORITHMS: 'EdDSA', OUTBOX_RETENTION: '1d' },
        ...{ DATABASE_POOL_SIZE: 20, KEYCLOAK_WEBHOOK_SECRET: `${CANARY}-${'x'.repeat(32)}` },
      }),
    )
    await until('it is applied', () => service.logs().includes('DATABASE_POOL_SIZE was changed'))

    const { status, headers } = await clientOf(service)(null, 'OPTIONS', '/v1/posts', preflight)
    assert.deepEqual([status, headers['access-control-allow-origin']], [204, origin])
    assert.equal((await clientOf(service)(alice, 'GET', '/v1/posts')).status, 401)
    const lines = service.logs().split('\n')
    assert.ok(
      lines.some((line) => /changed by .*: CORS_ORIGINS, LOG_LEVEL, OUTBOX_RETENTION, OIDC_ALGORITHMS/.test(line)),
    )
    assert.ok(lines.some((line) => /KEYCLOAK_WEBHOOK_SECRET was changed by .* and needs a restart/.test(line)))
    assert.ok(!service.logs().includes(CANARY))
    assert.match(lines.at(-2) ?? '', /needs a restart/, 'nothing is logged after the level is silent')
    assert.equal((await healthOf(service)).checks.configuration.status, 'up')
  })

  it('are seen behind links that are replaced, as Kubernetes mounts a ConfigMap', async () => {
    await using world = await openWorld('v1/config.json', '{"RATE_LIMIT": "500/min"}', {
      CONFIG_URL: '..data/config.json',
    })
    const { alice, directory, service } = world
    await mkdir(join(directory, 'v2'))
    await writeFile(join(directory, 'v2/config.json'), '{"RATE_LIMIT": "400/min"}')

    await symlink('v2', join(directory, '..new'))
    await rename(join(directory, '..new'), join(directory, '..data'))

    await untilRateLimit(service, alice, '400')
  })

  it('give way to the environment', async () => {
    await using world = await openWorld('config.json', '{"RATE_LIMIT": "500/min", "LOG_LEVEL": "warn"}', {
      RATE_LIMIT: '300/min',
    })
    assert.equal(await rateLimitOf(world.service, world.alice), '300')

    await world.replace('{"RATE_LIMIT": "400/min", "LOG_LEVEL": "info"}')
    await until('it is applied', () => world.service.logs().includes('settings changed by ./config.json: LOG_LEVEL"'))

    assert.equal(await rateLimitOf(world.service, world.alice), '300')
  })

  it('change again and again under load, and no request fails', async () => {
    await using world = await openWorld('config.json', '{"RATE_LIMIT": "1000000/min"}')
    const { alice, service } = world
    await using asking = startAsking(service, alice)
    const wanted = Array.from({ length: CHANGES }, (_, step) => String(1_000_001 + step))

    for (const limit of wanted) {
      await world.replace(JSON.stringify({ RATE_LIMIT: `${limit}/min` }))
      await untilRateLimit(service, alice, limit)
    }
    const { statuses, limits } = await asking.stop()

    assert.deepEqual(Object.keys(statuses), ['200'])
    assert.deepEqual(limits, ['1000000', ...wanted])
    assert.deepEqual(await changesOf(service), { applied: CHANGES, refused: 0 })
  })
})

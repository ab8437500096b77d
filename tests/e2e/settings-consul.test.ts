import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { selfSignedCertificate } from '../kit/certificate.ts'
import { freshDirectory, runCommand, until } from '../kit/command.ts'
import { ACCESS_CONTROL, startConsul } from '../kit/consul.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { healthOf, rateLimitOf, startAsking, untilConfiguration, untilRateLimit } from '../kit/live-settings.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import { createPeople } from '../kit/people.ts'
import { freePorts, startService } from '../kit/service.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'

const CHANGES = 100
const CANARY = 'canary-7f3a'

type Env = Readonly<Record<string, string>>

/** A Consul with one setting below `forum/`, and services that read it, all in one directory. */
async function openWorld(options = '') {
  await using opening = new AsyncDisposableStack()
  const { directory } = opening.use(await freshDirectory('forum-settings-'))
  const issuer = opening.use(await startTestIssuer())
  const consul = opening.use(await startConsul(options))
  await consul.put('forum/RATE_LIMIT', '500/min')
  const env: Env = { DATABASE_URL: 'memory:', OIDC_ISSUER: issuer.issuer, CONFIG_URL: `${consul.url}/forum` }
  const people = await createPeople(issuer)
  const opened = opening.move()
  return {
    ...people,
    consul,
    snapshot: join(directory, 'data/settings-snapshot.json'),
    start: (more: Env = {}) => startService({ directory, env: { ...env, ...more } }),
    fail: (more: Env = {}) => runCommand([], { directory, env: { ...env, ...more } }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

describe('settings in Consul', { skip: skipWithoutOwn('consul') }, () => {
  it('change a hundred times under load, and no request fails', async () => {
    await using world = await openWorld()
    const { alice, consul } = world
    await using service = await world.start()
    await untilRateLimit(service, alice, '500')
    await consul.put('forum/RATE_LIMIT', '1000000/min')
    await untilRateLimit(service, alice, '1000000')
    await using asking = startAsking(service, alice)
    const wanted = Array.from({ length: CHANGES }, (_, step) => String(1_000_001 + step))

    for (const limit of wanted) {
      await consul.put('forum/RATE_LIMIT', `${limit}/min`)
      await untilRateLimit(service, alice, limit)
    }
    const { statuses, limits } = await asking.stop()

    assert.deepEqual(Object.keys(statuses), ['200'])
    assert.deepEqual(limits, ['1000000', ...wanted])
  })

  it('outlive a Consul that is killed, and change when it is back', async () => {
    await using world = await openWorld()
    const { alice, consul } = world
    await using service = await world.start()
    await using asking = startAsking(service, alice)

    await consul.kill()
    await untilConfiguration(service, 'down')
    assert.equal((await healthOf(service)).status, 'degraded')
    assert.equal((await healthOf(service)).checks.configuration.cause, undefined)
    assert.match(
      service.logs(),
      /the settings stay as they are, as those of .* cannot be read: (?:connect ECONNREFUSED|other side closed|read ECONNRESET)/,
    )
    assert.equal(await rateLimitOf(service, alice), '500')
    await consul.start()
    await consul.put('forum/RATE_LIMIT', '400/min')

    await untilRateLimit(service, alice, '400')
    await untilConfiguration(service, 'up')
    assert.match(service.logs(), /can be read again/)
    const { statuses } = await asking.stop()
    assert.ok(
      Object.keys(statuses).every((status) => ['200', '429'].includes(status)),
      JSON.stringify(statuses),
    )
  })

  it('are those of the last time where the service starts without Consul', async () => {
    await using world = await openWorld()
    const { alice, consul, snapshot } = world
    {
      await using first = await world.start()
      await consul.put('forum/RATE_LIMIT', '400/min')
      await untilRateLimit(first, alice, '400')
      await until('it is kept', async () => (await readFile(snapshot, 'utf8')).includes('400/min'))
    }
    assert.equal((await stat(snapshot)).mode & 0o777, 0o600)
    await consul.kill()

    await using service = await world.start()
    assert.equal(await rateLimitOf(service, alice), '400')
    assert.equal((await healthOf(service)).status, 'degraded')
    const other = await world.fail({ CONFIG_URL: `${consul.url}/other` })
    assert.deepEqual([other.code, other.stdout], [1, ''])
    assert.match(
      other.stderr,
      /^CONFIG_URL Consul, .*\/other: .*ECONNREFUSED.*, and no earlier settings are kept in .*\n$/,
    )

    await consul.start()
    await untilConfiguration(service, 'up')
    assert.equal(await rateLimitOf(service, alice), '400')
  })

  it('are not taken from a snapshot that is broken', async () => {
    await using world = await openWorld()
    await using first = await world.start()
    await until('it is kept', async () => (await readFile(world.snapshot, 'utf8').catch(() => '')).includes('500'))
    await first.stop()
    await writeFile(world.snapshot, '{"source": ')
    await world.consul.kill()

    assert.equal((await world.fail()).code, 1)
  })

  it('stay as they are while some are wrong, all of them', async () => {
    await using world = await openWorld()
    const { alice, consul } = world
    await using service = await world.start()

    await consul.put('forum/RATE_LIMIT', CANARY)
    await untilConfiguration(service, 'down')
    await consul.put('forum/LOG_LEVEL', 'debug')
    assert.match((await healthOf(service)).checks.configuration.cause ?? '', /^RATE_LIMIT must be .*\(in Consul, /)
    assert.equal(await rateLimitOf(service, alice), '500')
    await consul.put('forum/RATE_LIMIT', '400/min')

    await untilRateLimit(service, alice, '400')
    await untilConfiguration(service, 'up')
    assert.match(service.logs(), /settings changed by Consul, .*: LOG_LEVEL, RATE_LIMIT|: RATE_LIMIT, LOG_LEVEL/)
    assert.ok(!service.logs().includes(CANARY))
  })

  it('that are wrong at the start end it with all problems', async () => {
    await using world = await openWorld()
    await world.consul.put('forum/RATE_LIMIT', CANARY)
    await world.consul.put('forum/CONFIG_TOKEN', CANARY)
    const misplaced = await world.fail()
    await world.consul.remove('forum/CONFIG_TOKEN')
    const wrong = await world.fail({ HTTP_PORT: 'x' })

    assert.deepEqual([misplaced.code, wrong.code], [78, 78])
    assert.match(misplaced.stderr, /CONFIG_TOKEN can be set in the environment alone \(in Consul, .*\/forum\)/)
    assert.match(wrong.stderr, /HTTP_PORT must be [^(]*\n {2}RATE_LIMIT must be such as .* \(in Consul, .*\/forum\)/)
    assert.ok(!(misplaced.stderr + wrong.stderr).includes(CANARY))
  })

  for (const fault of ['garbage', 'blackhole', 'reset'] as const) {
    it(`stay as they are while what answers is not Consul: ${fault}`, { timeout: 90_000 }, async () => {
      await using world = await openWorld()
      const { alice, consul } = world
      const proxy = await startFaultProxy(new URL(consul.url))
      await using _closing = { [Symbol.asyncDispose]: () => proxy.close() }
      await using service = await world.start({ CONFIG_URL: `consul://${new URL(proxy.url).host}/forum` })

      await proxy.set(fault)
      await untilConfiguration(service, 'down', 50_000)
      assert.equal(await rateLimitOf(service, alice), '500')
      await proxy.set('pass')
      await consul.put('forum/RATE_LIMIT', '400/min')

      await untilRateLimit(service, alice, '400', 40_000)
      await untilConfiguration(service, 'up')
    })
  }

  it('stay as they are when the last key is gone', async () => {
    await using world = await openWorld()
    const { alice, consul } = world
    await using service = await world.start()

    await consul.remove('forum/RATE_LIMIT')
    await untilConfiguration(service, 'down')
    assert.match((await healthOf(service)).checks.configuration.cause ?? '', /^no key is below forum\//)
    assert.equal(await rateLimitOf(service, alice), '500')
    await consul.put('forum/', '')

    await untilRateLimit(service, alice, '600')
    await untilConfiguration(service, 'up')
  })

  it('are the defaults before there are any, but not in production', async () => {
    await using world = await openWorld()
    const CONFIG_URL = `${world.consul.url}/other/place/`
    await using service = await world.start({ CONFIG_URL })
    assert.equal(await rateLimitOf(service, world.alice), '600')
    assert.equal((await healthOf(service)).status, 'degraded')

    await world.consul.put('other/place/RATE_LIMIT', '400/min')
    await untilRateLimit(service, world.alice, '400')
    const production = await world.fail({ CONFIG_URL: `${world.consul.url}/nowhere`, NODE_ENV: 'production' })
    assert.equal(production.code, 78)
    assert.match(production.stderr, /CONFIG_URL Consul, .*\/nowhere: no key is below nowhere\//)
  })

  it('need a token that may read them, and outlive one that is taken away', async () => {
    await using world = await openWorld(ACCESS_CONTROL)
    const { alice, consul } = world
    const reader = await consul.token('reader', 'key_prefix "forum/" { policy = "read" }')
    const stranger = await world.fail({ CONFIG_TOKEN: '11111111-2222-3333-4444-555555555555' })
    assert.equal(stranger.code, 78)
    assert.match(stranger.stderr, /Consul refuses the token \(CONFIG_TOKEN\)/)
    await using service = await world.start({ CONFIG_TOKEN: reader.SecretID })

    await consul.put('forum/RATE_LIMIT', '400/min')
    await untilRateLimit(service, alice, '400')
    await consul.call('DELETE', `acl/token/${reader.AccessorID}`)
    await consul.put('forum/RATE_LIMIT', '300/min')
    await untilConfiguration(service, 'down', 40_000)

    assert.equal(await rateLimitOf(service, alice), '400')
    assert.ok(!service.logs().includes(reader.SecretID))
  })

  it('come over TLS by a certificate that is trusted', async () => {
    await using certificate = await selfSignedCertificate()
    const [port] = await freePorts(1)
    const { certificateFile, keyFile } = certificate
    const options = JSON.stringify({ ports: { https: port }, cert_file: certificateFile, key_file: keyFile })
    await using world = await openWorld(`-hcl=${options}`)
    const CONFIG_URL = `consuls://127.0.0.1:${port}/forum`
    const untrusted = await world.fail({ CONFIG_URL })
    assert.equal(untrusted.code, 78)
    assert.match(untrusted.stderr, /NODE_EXTRA_CA_CERTS/)

    await using service = await world.start({ CONFIG_URL, NODE_EXTRA_CA_CERTS: certificateFile })
    await world.consul.put('forum/RATE_LIMIT', '400/min')
    await untilRateLimit(service, world.alice, '400')
  })
})

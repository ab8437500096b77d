import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { selfSignedCertificate } from '../kit/certificate.ts'
import { clientOf } from '../kit/client.ts'
import { runCommand } from '../kit/command.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { write } from './openfga-stage.ts'
import { ENGINES, type Env, openWorld } from './world.ts'

const [SQLITE] = ENGINES
const skip = SQLITE.skip || skipWithoutOwn('openfga')

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

  it('are reached by TLS, by a certificate that is trusted', async () => {
    await using files = await selfSignedCertificate()
    const { certificateFile, keyFile } = files
    await using engine = await ownEngine('openfga', {
      OPENFGA_OPTIONS: `--http-tls-enabled --http-tls-cert ${certificateFile} --http-tls-key ${keyFile}`,
    })
    await engine.start()
    await using world = await openWorld(SQLITE)
    const AUTHORIZATION_URL = `openfgas://${new URL(engine.url).host}`
    const migrate = (env: Env) =>
      runCommand(['authorization-migrate'], { directory: world.directory, env: { AUTHORIZATION_URL, ...env } })

    const untrusted = await migrate({})
    assert.deepEqual([untrusted.code, /NODE_EXTRA_CA_CERTS/.test(untrusted.stderr)], [78, true], untrusted.stderr)
    const trust = { NODE_EXTRA_CA_CERTS: certificateFile }
    const { code, stdout, stderr } = await migrate(trust)
    assert.equal(code, 0, stderr)

    const setting = /^AUTHORIZATION_URL=(openfgas:.*)$/m.exec(stdout)?.[1] ?? assert.fail(stdout)
    await using service = await world.start({ AUTHORIZATION_URL: setting, ...trust })
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

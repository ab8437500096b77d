import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pino } from 'pino'
import { loadIssuer } from '../../src/main/development.ts'
import { openIdentity } from '../../src/main/identity.ts'
import { createSettings } from '../../src/main/settings/settings.ts'
import { PRODUCT } from '../../src/patterns/product.ts'

const open = (variables: Readonly<Record<string, string>>) =>
  openIdentity(createSettings({ environment: variables, isTerminal: false }), pino({ level: 'silent' }))

describe('who vouches for callers', () => {
  const [home, directory] = [process.cwd(), mkdtempSync(join(tmpdir(), 'forum-identity-'))]
  before(() => process.chdir(directory))
  after(() => {
    process.chdir(home)
    rmSync(directory, { recursive: true })
  })

  for (const [host, issuer] of [
    ['127.0.0.1', 'http://127.0.0.1:8080/issuer'],
    ['localhost', 'http://localhost:8080/issuer'],
    ['0.0.0.0', 'http://127.0.0.1:8080/issuer'],
    ['::', 'http://127.0.0.1:8080/issuer'],
    ['::1', 'http://[::1]:8080/issuer'],
  ] as const) {
    it(`is the development issuer of a service that listens on ${host}`, async () => {
      const identity = await open({ HTTP_HOST: host })

      assert.equal(identity.issuer, issuer)
      assert.deepEqual(
        identity.rawHandlers.map(({ path }) => path),
        ['/issuer'],
      )
      assert.equal(identity.signIn.clientId, PRODUCT.docsClient)
      assert.deepEqual(await identity.signIn.addresses(), {
        authorization: `${issuer}/auth`,
        token: `${issuer}/token`,
      })
    })
  }

  it('is the issuer of the settings, to which the documentation is a client of its own, not the audience', async () => {
    const issuer = 'http://127.0.0.1:1/realms/forum'
    const identity = await open({ OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'my-forum' })

    assert.equal(identity.issuer, issuer)
    assert.deepEqual(identity.rawHandlers, [])
    assert.equal(identity.signIn.clientId, PRODUCT.docsClient)
    assert.deepEqual(await identity.signIn.addresses(), {
      authorization: `${issuer}/protocol/openid-connect/auth`,
      token: `${issuer}/protocol/openid-connect/token`,
    })
  })

  it('breaks off what the issuer was asked when it is disposed', async () => {
    await using silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const identity = await open({ OIDC_ISSUER: `http://127.0.0.1:${port}` })

    identity.provider.start({ sleep: () => new Promise(() => {}), random: () => 1 })
    const [{ socket }] = (await once(silent, 'request')) as [IncomingMessage]
    identity[Symbol.dispose]()

    await once(socket, 'close', { signal: AbortSignal.timeout(2_000) })
  })
})

describe('the development issuer', () => {
  it('is not loaded in production', async () => {
    await assert.rejects(loadIssuer({ environment: 'production' }), /no development issuer in production/)
    assert.ok(await loadIssuer({ environment: 'test' }))
  })
})

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Body } from '../kit/answers.ts'
import { runCommand, until } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { copyOfRealm, KEYCLOAK_SETTINGS, type Keycloak, openKeycloak } from '../kit/keycloak.ts'
import { watchDeliveries } from '../kit/keycloak-deliveries.ts'
import { type Service, startService } from '../kit/service.ts'
import { ENGINES, openWorld } from './world.ts'

const [, POSTGRES] = ENGINES
const SETTINGS = { ...KEYCLOAK_SETTINGS, USERS_RECONCILE_EVERY: 'off' }
/** What is promised from the delivery on. */
const BOUND_MS = 2_000

async function me({ url }: Service, token: string) {
  const answer = await fetch(`${url}/v1/users/me`, { headers: { authorization: `Bearer ${token}` } })
  const { code } = (await answer.json()) as Body
  return code ?? answer.status
}

describe('processes and a real Keycloak', { skip: skipWithout('keycloak'), timeout: 300_000 }, () => {
  let keycloak: Keycloak

  before(async () => {
    keycloak = await openKeycloak()
  })
  after(() => keycloak?.[Symbol.asyncDispose]())

  it('refuse a disabled person, both, within 2 s of the delivery to one of them', { skip: POSTGRES.skip }, async () => {
    const { issuer, admin } = await keycloak.createRealm(copyOfRealm())
    const settings = { ...SETTINGS, OIDC_ISSUER: issuer }
    await using world = await openWorld(POSTGRES)
    await using one = await world.start(settings)
    await using other = await world.start(settings)
    await using deliveries = await watchDeliveries(one.url)
    const token = await keycloak.token('alice', issuer)
    for (const service of [one, other]) assert.equal(await me(service, token), 200)
    const [person] = (await (await admin('GET', '/users?username=alice')).json()) as readonly Body[]
    const words = ['webhook', 'create', '--url', deliveries.url]
    assert.equal((await runCommand(words, { env: settings, directory: world.directory })).code, 0)

    for (const [enabled, expected] of [
      [false, 'account-disabled'],
      [true, 200],
      [false, 'account-disabled'],
    ] as const) {
      const before = deliveries.answered()
      await admin('PUT', `/users/${person?.id}`, { enabled })
      await until('the delivery is answered', () => deliveries.answered() > before)
      // The answer is there, so the next request of each knows it.
      assert.deepEqual(await Promise.all([one, other].map((service) => me(service, token))), [expected, expected])
      assert.ok(deliveries.sinceLastMs() <= BOUND_MS, `${deliveries.sinceLastMs()} ms after the delivery`)
    }
  })

  it('reach a realm at another address than its people do: its keys, and its administration', async () => {
    const realm = { ...copyOfRealm(), attributes: { frontendUrl: 'http://keycloak.invalid:8081' } }
    const { issuer: OIDC_DISCOVERY_URL, admin } = await keycloak.createRealm(realm)
    const OIDC_ISSUER = `${realm.attributes.frontendUrl}/realms/${realm.realm}`
    const env = { ...SETTINGS, OIDC_ISSUER, OIDC_DISCOVERY_URL }
    await using service = await startService({ env })
    await using deliveries = await watchDeliveries(service.url)
    const command = (...words: readonly string[]) => runCommand(words, { env, directory: service.directory })

    const token = await keycloak.token('alice', OIDC_DISCOVERY_URL)
    assert.equal(payloadOf(token).iss, OIDC_ISSUER)
    assert.equal(await me(service, token), 200)
    assert.match(
      (await command('reconcile')).stdout,
      /^3 people read; registered 2, changed 0, removed 0; unchanged 1$/m,
    )

    assert.equal((await command('webhook', 'create', '--url', deliveries.url)).code, 0)
    await admin('PUT', `/users/${payloadOf(token).sub}`, { enabled: false })
    await until('the mirror follows', async () => (await me(service, token)) === 'account-disabled')
  })

  it('accept what a new key signed at once, and what the old one signed as before', async () => {
    const { issuer, admin } = await keycloak.createRealm(copyOfRealm())
    const { issuer: foreign } = await keycloak.createRealm(copyOfRealm())
    await using service = await startService({ env: { ...SETTINGS, OIDC_ISSUER: issuer } })
    const old = await keycloak.token('alice', issuer)
    assert.equal(await me(service, old), 200)
    // A token of another realm has an unknown key, too: it does not use up the one reading of keys in 30 seconds.
    assert.equal(await me(service, await keycloak.token('alice', foreign)), 'invalid-token')

    const { id: parentId } = (await (await admin('GET', '')).json()) as Body
    await admin('POST', '/components', {
      ...{ name: 'newer', parentId, providerId: 'rsa-generated', providerType: 'org.keycloak.keys.KeyProvider' },
      config: { priority: ['200'], enabled: ['true'], active: ['true'], algorithm: ['RS256'] },
    })
    const young = await keycloak.token('alice', issuer)

    assert.notEqual(keyOf(young), keyOf(old))
    assert.deepEqual([await me(service, young), await me(service, old)], [200, 200])
  })
})

const payloadOf = (token: string): Readonly<{ iss: string; sub: string }> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

const keyOf = (token: string): string => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid

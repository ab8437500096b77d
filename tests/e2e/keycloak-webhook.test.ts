import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { after, before, describe, it } from 'node:test'
import { EVENT_TYPES } from '../../src/main/modules.ts'
import type { Body } from '../kit/answers.ts'
import { runCommand, until } from '../kit/command.ts'
import { keycloakUrl, skipWithout } from '../kit/engines.ts'
import { runHttpFile } from '../kit/http-file.ts'
import { copyOfRealm, KEYCLOAK_SETTINGS, type Keycloak, openKeycloak } from '../kit/keycloak.ts'
import { watchDeliveries } from '../kit/keycloak-deliveries.ts'
import { updateEmail } from '../kit/keycloak-forms.ts'
import { startService } from '../kit/service.ts'

const EXAMPLE = new URL('../../examples/keycloak-webhook/webhook.http', import.meta.url)
const name = (text: string) => `${text}-${randomBytes(4).toString('hex')}`

describe('the webhook in a real Keycloak', { skip: skipWithout('keycloak'), timeout: 300_000 }, () => {
  let keycloak: Keycloak

  before(async () => {
    keycloak = await openKeycloak()
  })
  after(() => keycloak?.[Symbol.asyncDispose]())

  const commandOf =
    (issuer: string) =>
    (...words: readonly string[]) =>
      runCommand(words, { env: { ...KEYCLOAK_SETTINGS, OIDC_ISSUER: issuer }, directory: tmpdir() })

  it('can be listed, registered again and deleted', async () => {
    const url = `http://127.0.0.1:9/${name('hook')}`
    const { issuer } = await keycloak.createRealm(copyOfRealm())
    const command = commandOf(issuer)

    assert.match((await command('webhook', 'create', '--url', url)).stdout, /^created [\da-f-]{36} http/)
    assert.match((await command('webhook', 'create', '--url', url)).stdout, /^updated [\da-f-]{36} http/)
    assert.match((await command('webhook', 'update', '--url', url)).stdout, /^updated [\da-f-]{36} http/)
    assert.match(
      (await command('webhook', 'list')).stdout,
      /^[\da-f-]{36} enabled http:\/\/127.0.0.1:9\/hook-.+ access\.DELETE_ACCOUNT,/m,
    )
    assert.match((await command('webhook', 'delete', '--url', url)).stdout, /^deleted /)
    assert.match((await command('webhook', 'delete', '--url', url)).stdout, /^there is none/)
    assert.equal((await command('webhook', 'update', '--url', url)).code, 1)
  })

  it('is registered by the requests of examples/keycloak-webhook as they stand', async () => {
    const { issuer } = await keycloak.createRealm(copyOfRealm())
    const realm = issuer.split('/').at(-1) ?? ''
    const webhookUrl = `http://127.0.0.1:9/${name('hook')}`

    const { statuses, answers } = await runHttpFile(EXAMPLE, { keycloak: keycloakUrl ?? '', realm, webhookUrl })

    assert.deepEqual(statuses, { token: 200, created: 201, list: 200, read: 200, updated: 204, deleted: 204 })
    const { url, eventTypes } = answers.get('read') as { url: string; eventTypes: readonly string[] }
    assert.deepEqual([url, eventTypes.toSorted()], [webhookUrl, EVENT_TYPES.toSorted()])
    assert.equal((await commandOf(issuer)('webhook', 'list')).stdout, '')
  })

  it('delivers an address that a person changed by the form of the realm', async () => {
    const { issuer } = await keycloak.createRealm(copyOfRealm())
    const settings = { ...KEYCLOAK_SETTINGS, OIDC_ISSUER: issuer, USERS_RECONCILE_EVERY: 'off' }
    await using service = await startService({ env: settings })
    await using deliveries = await watchDeliveries(service.url)
    assert.equal((await commandOf(issuer)('webhook', 'create', '--url', deliveries.url)).code, 0)
    const headers = { authorization: `Bearer ${await keycloak.token('alice', issuer)}` }
    const address = async () =>
      ((await (await fetch(`${service.url}/v1/users/me`, { headers })).json()) as Body)['email']
    assert.equal(await address(), 'alice@example.org')

    await updateEmail(issuer, 'alice', 'Alice.Liddell@Example.org')

    await until('the mirror follows', async () => (await address()) === 'alice.liddell@example.org')
    assert.ok(deliveries.sinceLastMs() <= 2_000, `${deliveries.sinceLastMs()} ms after the delivery`)
  })
})

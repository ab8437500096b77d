import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { after, before, describe, it } from 'node:test'
import type { Body } from '../kit/answers.ts'
import { runCommand, until } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { copyOfRealm, KEYCLOAK_SETTINGS, type Keycloak, openKeycloak } from '../kit/keycloak.ts'
import { watchDeliveries } from '../kit/keycloak-deliveries.ts'
import { deleteAccount, signInThrough } from '../kit/keycloak-forms.ts'
import { startService } from '../kit/service.ts'

/** What is promised from the delivery on. */
const BOUND_MS = 2_000

describe('accounts of a real Keycloak', { skip: skipWithout('keycloak'), timeout: 300_000 }, () => {
  let keycloak: Keycloak

  before(async () => {
    keycloak = await openKeycloak()
  })
  after(() => keycloak?.[Symbol.asyncDispose]())

  /** A realm of its own, and a service that receives its events. */
  async function open() {
    await using opening = new AsyncDisposableStack()
    const { issuer, admin } = await keycloak.createRealm(copyOfRealm())
    const settings = { ...KEYCLOAK_SETTINGS, OIDC_ISSUER: issuer, USERS_RECONCILE_EVERY: 'off' }
    const service = opening.use(await startService({ env: settings }))
    const deliveries = opening.use(await watchDeliveries(service.url))
    const command = (...words: readonly string[]) =>
      runCommand(words, { env: settings, directory: words[0] === 'webhook' ? tmpdir() : service.directory })
    assert.equal((await command('webhook', 'create', '--url', deliveries.url)).code, 0)
    const headers = { authorization: `Bearer ${await keycloak.token('bob', issuer)}` }

    const seen = async (id: string) => {
      const answer = await fetch(`${service.url}/v1/users/${id}`, { headers })
      const { username, fullName } = (await answer.json()) as Body
      return answer.ok ? `${username}, ${fullName}` : answer.status
    }
    const opened = opening.move()
    return {
      ...{ issuer, admin, command, seen, url: service.url },
      idOf: async (username: string) => {
        const [person] = (await (
          await admin('GET', `/users?username=${username}&exact=true`)
        ).json()) as readonly Body[]
        return String(person?.id)
      },
      follows: async (id: string, expected: string | number) => {
        await until(`the mirror says ${expected}`, async () => (await seen(id)) === expected)
        assert.ok(deliveries.sinceLastMs() <= BOUND_MS, `${deliveries.sinceLastMs()} ms after the delivery`)
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  }

  it('that their people delete by themselves are gone, with all that was theirs', async () => {
    await using realm = await open()
    const token = await keycloak.token('alice', realm.issuer)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const write = () => fetch(`${realm.url}/v1/posts`, { method: 'POST', headers, body: '{"text":"Hello."}' })
    const { headers: written } = await write()
    const id = await realm.idOf('alice')
    assert.equal(await realm.seen(id), 'alice, Alice Liddell')

    await deleteAccount(realm.issuer, 'alice')

    await realm.follows(id, 404)
    const reader = { authorization: `Bearer ${await keycloak.token('bob', realm.issuer)}` }
    assert.equal((await fetch(realm.url + written.get('location'), { headers: reader })).status, 404)
    assert.equal(((await (await write()).json()) as Body).code, 'account-disabled')
  })

  it('that a partial import creates are there; of those it overwrites, reconciliation removes the old', async () => {
    await using realm = await open()
    const imports = (firstName: string) => {
      const person = { username: 'imported', firstName, lastName: 'Ported', email: 'im@example.org', enabled: true }
      return realm.admin('POST', '/partialImport', { ifResourceExists: 'OVERWRITE', users: [person] })
    }

    await imports('Im')
    const old = await realm.idOf('imported')
    await realm.follows(old, 'imported, Im Ported')

    await imports('Over')
    const id = await realm.idOf('imported')
    await realm.follows(id, 'imported, Over Ported')
    assert.equal(await realm.seen(old), 'imported, Im Ported', 'no event says that this one is gone')
    assert.match((await realm.command('reconcile')).stdout, new RegExp(`^${old} removed$`, 'm'))
    assert.deepEqual([await realm.seen(old), await realm.seen(id)], [404, 'imported, Over Ported'])
  })

  it('that begin with a sign-in through another provider are there', async () => {
    await using realm = await open()
    const partner = await keycloak.createRealm(copyOfRealm())
    const [client, endpoint] = [
      { id: 'forum-broker', secret: 'of-the-broker' },
      `${partner.issuer}/protocol/openid-connect`,
    ]
    await partner.admin('POST', '/clients', {
      ...{ clientId: client.id, secret: client.secret, publicClient: false, standardFlowEnabled: true },
      redirectUris: [`${realm.issuer}/broker/partner/endpoint`],
    })
    await partner.admin('POST', '/users', {
      ...{ username: 'dave', firstName: 'Dave', lastName: 'Bowman', email: 'dave@example.org', enabled: true },
      credentials: [{ type: 'password', value: 'dave', temporary: false }],
    })
    await realm.admin('POST', '/identity-provider/instances', {
      ...{ alias: 'partner', providerId: 'oidc', enabled: true },
      config: {
        ...{ clientId: client.id, clientSecret: client.secret, clientAuthMethod: 'client_secret_post' },
        ...{
          authorizationUrl: `${endpoint}/auth`,
          tokenUrl: `${endpoint}/token`,
          defaultScope: 'openid profile email',
        },
      },
    })

    await signInThrough(realm.issuer, 'partner', 'dave')

    // The event does not name them: their token and reconciliation do.
    const id = await realm.idOf('dave')
    await realm.follows(id, 'dave, null')
    assert.match((await realm.command('reconcile')).stdout, new RegExp(`^${id} changed: fullName$`, 'm'))
    assert.equal(await realm.seen(id), 'dave, Dave Bowman')
  })
})

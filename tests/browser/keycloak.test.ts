import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { openChromium } from '../kit/chromium.ts'
import { runCommand } from '../kit/command.ts'
import { interpolate, readText } from '../kit/compose.ts'
import { asPerson, writePostOnDocsPage } from '../kit/docs-page.ts'
import { keycloakUrl, skipWithout } from '../kit/engines.ts'
import { copyOfRealm, KEYCLOAK_SETTINGS, type Keycloak, openKeycloak } from '../kit/keycloak.ts'
import { freePorts, startService } from '../kit/service.ts'

const HOOK = '/v1/authentication/webhook/events-synchronization'
const SECRET = randomBytes(32).toString('hex')

describe('the documentation in a browser, with the people of a real Keycloak', {
  skip: skipWithout('chromium') || skipWithout('keycloak'),
  timeout: 300_000,
}, () => {
  let keycloak: Keycloak

  before(async () => {
    keycloak = await openKeycloak()
  })
  after(() => keycloak?.[Symbol.asyncDispose]())

  /** Signs in at the form of Keycloak, by a code with PKCE, and writes a post. */
  async function writePost(url: string, username: string, password: string): Promise<void> {
    await using browser = await openChromium()
    await writePostOnDocsPage(browser.context, `${url}/docs`, asPerson(username, password))

    const { port } = new URL(url)
    assert.deepEqual([...browser.hosts()].sort(), [new URL(keycloakUrl ?? '').host, `127.0.0.1:${port}`].sort())
    const authorize = browser.requested.find(({ pathname }) => pathname.endsWith('/protocol/openid-connect/auth'))
    const { response_type: kind, code_challenge_method: method } = Object.fromEntries(authorize?.searchParams ?? [])
    assert.deepEqual([kind, method], ['code', 'S256'])
    assert.deepEqual(browser.complaints, [])
  }

  it('lets a person of the realm sign in and write a post', async () => {
    const { issuer } = await keycloak.createRealm(copyOfRealm())
    await using service = await startService({ env: { ...KEYCLOAK_SETTINGS, OIDC_ISSUER: issuer } })

    await writePost(service.url, 'alice', 'alice')
  })

  it('lets the first people of the compose stack sign in, whose realm has all that the service needs', async () => {
    const [port = 0] = await freePorts(1)
    const variables = {
      HTTP_PORT: String(port),
      KEYCLOAK_ADMIN_CLIENT_ID: 'stack-admin',
      KEYCLOAK_ADMIN_CLIENT_SECRET: SECRET,
      KEYCLOAK_USER_PASSWORD: SECRET,
    }
    const realm = JSON.parse(interpolate(readText('deploy/keycloak/realm.json'), variables))
    const { issuer } = await keycloak.createRealm({ ...realm, realm: `stack-${randomBytes(4).toString('hex')}` })
    const env = { ...variables, NODE_ENV: 'production', OIDC_ISSUER: issuer, KEYCLOAK_WEBHOOK_SECRET: SECRET }
    await using service = await startService({
      env: { ...env, HTTP_HOST: '127.0.0.1', SHUTDOWN_DELAY: '0s', USERS_RECONCILE_EVERY: 'off' },
    })
    const { url, directory } = service
    const command = (...words: readonly string[]) => runCommand(words, { directory, env })

    assert.match((await command('webhook', 'create', '--url', url + HOOK)).stdout, /^created /)
    assert.match((await command('webhook', 'create', '--url', url + HOOK)).stdout, /^updated /)
    await writePost(url, 'alice', SECRET)
    assert.match(
      (await command('reconcile')).stdout,
      /^2 people read; registered 1, changed 0, removed 0; unchanged 1$/m,
    )
  })
})

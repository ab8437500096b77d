import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Body } from '../kit/answers.ts'
import { runCommand } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { KEYCLOAK_SETTINGS, type Keycloak, openKeycloak } from '../kit/keycloak.ts'
import { watchDeliveries } from '../kit/keycloak-deliveries.ts'
import { type Service, startService } from '../kit/service.ts'

/** What is promised from the delivery on. */
const BOUND_MS = 2_000
const name = (text: string) => `${text}-${randomBytes(4).toString('hex')}`

describe('people of a real Keycloak', { skip: skipWithout('keycloak'), timeout: 600_000 }, () => {
  let keycloak: Keycloak
  let service: Service
  let deliveries: Awaited<ReturnType<typeof watchDeliveries>>
  let reader = ''

  before(async () => {
    keycloak = await openKeycloak()
    service = await startService({ env: { ...KEYCLOAK_SETTINGS, USERS_RECONCILE_EVERY: 'off' } })
    deliveries = await watchDeliveries(service.url)
    await command('webhook', 'create', '--url', deliveries.url)
    const username = name('reader')
    await keycloak.createUser(username)
    reader = await keycloak.token(username)
  })
  after(async () => {
    await command('webhook', 'delete', '--url', deliveries.url)
    await deliveries[Symbol.asyncDispose]()
    await service[Symbol.asyncDispose]()
    await keycloak[Symbol.asyncDispose]()
  })

  const command = (...words: readonly string[]) =>
    runCommand(words, { env: KEYCLOAK_SETTINGS, directory: service.directory })

  const call = async (token: string, method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(service.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    return { status: answer.status, body: (answer.status === 204 ? {} : await answer.json()) as Body }
  }
  const seen = async (id: string) => {
    const { status, body } = await call(reader, 'GET', `/v1/users/${id}`)
    return status === 200 ? `${body.username}, ${body.fullName}` : status
  }

  async function eventually(expected: unknown, read: () => Promise<unknown>): Promise<void> {
    const deadline = performance.now() + 10_000
    let last = await read()
    for (; last !== expected && performance.now() < deadline; last = await read()) {
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    assert.equal(last, expected)
  }

  /** Keycloak delivers after it has answered: the promise is from then on. */
  async function follows(expected: unknown, read: () => Promise<unknown>): Promise<void> {
    await eventually(expected, read)
    assert.ok(deliveries.sinceLastMs() <= BOUND_MS, `${deliveries.sinceLastMs()} ms after the delivery`)
  }

  it('are created, changed, disabled, enabled and deleted by an administrator, and the mirror follows', async () => {
    const username = name('zoe')
    const id = await keycloak.createUser(username)
    await follows(`${username}, Zoë Ünal`, () => seen(id))
    const token = await keycloak.token(username)
    const { status, body: post } = await call(token, 'POST', '/v1/posts', { text: 'Hello.' })
    assert.equal(status, 201)

    await keycloak.admin('PUT', `/users/${id}`, { firstName: 'Zoé' })
    await follows(`${username}, Zoé Ünal`, () => seen(id))

    const own = async () => (await call(token, 'GET', '/v1/users/me')).body.code
    await keycloak.admin('PUT', `/users/${id}`, { enabled: false })
    await follows('account-disabled', own)
    await keycloak.admin('PUT', `/users/${id}`, { enabled: true })
    await follows(undefined, own)

    await keycloak.admin('DELETE', `/users/${id}`)
    await follows(404, () => seen(id))
    assert.equal((await call(reader, 'GET', `/v1/posts/${post.id}`)).status, 404)
    assert.equal(await own(), 'account-disabled')
  })

  it('register, change their profile and are locked out, and the mirror follows', async () => {
    const username = name('carol')
    await keycloak.register(username)
    const token = await keycloak.token(username)
    const id = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub
    await follows(`${username}, Cárol Jones`, () => seen(id))

    await keycloak.changeProfile(token, { firstName: 'Carolina' })
    await follows(`${username}, Carolina Jones`, () => seen(id))

    await keycloak.lockOut(username)
    await follows('account-disabled', async () => (await call(token, 'GET', '/v1/users/me')).body.code)
    await keycloak.admin('DELETE', `/users/${id}`)
    await follows(404, () => seen(id))
  })

  it('equal Keycloak after the service was killed amid deliveries, and users:reconcile', async () => {
    const { directory, url } = service
    const usernames = Array.from({ length: 12 }, () => name('storm'))
    const ids: string[] = []
    for (const [index, username] of usernames.entries()) {
      ids.push(await keycloak.createUser(username))
      if (index === 4) await service.kill()
    }
    for (const id of ids.slice(0, 3)) await keycloak.admin('DELETE', `/users/${id}`)
    service = await startService({
      env: { ...KEYCLOAK_SETTINGS, USERS_RECONCILE_EVERY: 'off', HTTP_PORT: new URL(url).port },
      directory,
    })

    assert.equal((await command('reconcile')).code, 0)

    const expected = usernames.map((username, index) => (index < 3 ? 404 : `${username}, Zoë Ünal`))
    assert.deepEqual(await Promise.all(ids.map(seen)), expected)
    assert.match((await command('reconcile')).stdout, /registered 0, changed 0, removed 0;/)
  })

  it('are repaired by users:reconcile where deliveries were lost, and what was well is left alone', async () => {
    await command('webhook', 'delete', '--url', deliveries.url)
    const [left, renamed, gone, off] = await Promise.all(
      ['left', 'renamed', 'gone', 'off'].map(async (text) => {
        const username = name(text)
        const id = await keycloak.createUser(username)
        const token = await keycloak.token(username)
        assert.equal((await call(token, 'GET', '/v1/users/me')).status, 200)
        return { id, username, token }
      }),
    )
    assert.ok(left && renamed && gone && off)
    const missed = name('missed')
    const missing = await keycloak.createUser(missed)
    await keycloak.admin('PUT', `/users/${renamed.id}`, { lastName: 'Hargreaves', email: `${name('new')}@example.org` })
    await keycloak.admin('PUT', `/users/${off.id}`, { enabled: false })
    await keycloak.admin('DELETE', `/users/${gone.id}`)

    const dry = await command('reconcile', '--dry-run')
    assert.equal(dry.code, 0, dry.stderr)
    assert.match(dry.stdout, new RegExp(`^${renamed.id} would be changed: fullName, email$`, 'm'))
    assert.match(dry.stdout, new RegExp(`^${missing} would be registered$`, 'm'))
    assert.equal(await seen(renamed.id), `${renamed.username}, Zoë Ünal`)

    const { code, stdout, stderr } = await command('reconcile')
    assert.equal(code, 0, stderr)
    assert.match(stdout, new RegExp(`^${renamed.id} changed: fullName, email$`, 'm'))
    assert.match(stdout, new RegExp(`^${off.id} changed: isActive$`, 'm'))
    assert.match(stdout, new RegExp(`^${gone.id} removed$`, 'm'))
    assert.match(stdout, new RegExp(`^${missing} registered$`, 'm'))
    assert.ok(!stdout.includes(left.id))
    assert.match(stdout, /^\d+ people read; registered \d+, changed \d+, removed \d+; unchanged \d+$/m)
    assert.match(stderr, /^\d+ people read$/m)

    assert.equal(await seen(renamed.id), `${renamed.username}, Zoë Hargreaves`)
    assert.equal(await seen(missing), `${missed}, Zoë Ünal`)
    assert.equal(await seen(gone.id), 404)
    assert.equal((await call(off.token, 'GET', '/v1/posts')).body.code, 'account-disabled')
    assert.match((await command('reconcile')).stdout, /registered 0, changed 0, removed 0;/)
    await command('webhook', 'create', '--url', deliveries.url)
  })

  it('are compared by one of two processes in each period, so that one whose deactivation was lost is refused', async () => {
    const [username, env] = [name('lost'), { ...KEYCLOAK_SETTINGS, USERS_RECONCILE_EVERY: '1s', LOG_LEVEL: 'debug' }]
    const id = await keycloak.createUser(username, { enabled: true })
    const { directory } = service
    const began = performance.now()
    await using one = await startService({ env, directory })
    await using other = await startService({ env, directory })
    await command('webhook', 'delete', '--url', deliveries.url)
    const token = await keycloak.token(username)
    await keycloak.admin('PUT', `/users/${id}`, { firstName: 'Zora', enabled: false })

    await eventually(`${username}, Zora Ünal`, () => seen(id))
    assert.equal((await call(token, 'GET', '/v1/users/me')).body.code, 'account-disabled')

    await Promise.all([one.stop(), other.stop()])
    const runs = [one, other].map(({ logs }) => logs().split('users were compared with Keycloak').length - 1)
    const periods = Math.ceil((performance.now() - began) / 1_000) + 1
    assert.ok(
      Math.max(...runs) > 0 && runs.reduce((sum, count) => sum + count) <= periods,
      `${runs} runs in ${periods} periods`,
    )
    await command('webhook', 'create', '--url', deliveries.url)
  })
})

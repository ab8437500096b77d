import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { documented } from '../kit/documented.ts'
import { skipWithout } from '../kit/engines.ts'
import { startNginx } from '../kit/nginx.ts'
import { createPeople } from '../kit/people.ts'
import { startProgram } from '../kit/program.ts'
import { freePorts, startService } from '../kit/service.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'

const PAGE = 'behind-a-proxy.md'
const DEFAULTS = 'defaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n'

type Discovery = Readonly<Record<'issuer' | 'authorization_endpoint' | 'token_endpoint' | 'jwks_uri', string>>

/** A proxy as the documentation configures it, in front of a port. It strips /forum. */
async function startHaproxy(servicePort: number) {
  const [port] = (await freePorts(1)) as [number]
  const config = documented(PAGE, 'haproxy').replace(':8000', `:${port}`).replace(':8080', `:${servicePort}`)
  const files = { 'haproxy.cfg': DEFAULTS + config }
  const program = await startProgram('haproxy', {
    port,
    files,
    args: (folder) => ['-db', '-f', `${folder}/haproxy.cfg`],
  })
  return { ...program, url: `http://127.0.0.1:${port}` }
}

const PROXIES = {
  nginx: (servicePort: number) => startNginx(documented(PAGE, 'nginx').replace(':8080', `:${servicePort}`)),
  haproxy: startHaproxy,
}

/** A service behind a proxy, configured in one of the possible ways. */
async function openBehind(name: keyof typeof PROXIES, settingsFor: (publicUrl: string) => Record<string, string>) {
  await using opening = new AsyncDisposableStack()
  const [port = 0] = await freePorts(1)
  const proxy = opening.use(await PROXIES[name](port))
  const publicUrl = `${proxy.url}/forum`
  const env = { HTTP_PORT: String(port), DATABASE_URL: 'memory:', ...settingsFor(publicUrl) }
  const service = opening.use(await startService({ env }))
  const opened = opening.move()
  return { publicUrl, service, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** The status of a request from one of the addresses of this machine, at a path that needs a token. */
async function statusFrom(localAddress: string, url: string, headers: Readonly<Record<string, string>>) {
  const [response] = await once(get(`${url}/v1/posts`, { localAddress, headers, agent: false }), 'response')
  response.resume()
  return response.statusCode
}

/** All that a page loads or leads to, as a browser resolves it. */
async function partsOf(page: string): Promise<readonly string[]> {
  const response = await fetch(page)
  assert.equal(response.status, 200, page)
  const references = (await response.text()).matchAll(/(?:href|src|spec-url)="([^"]+)"/g)
  return [...references].map(([, reference]) => new URL(String(reference), response.url).href)
}

for (const name of ['nginx', 'haproxy'] as const) {
  describe(`a service behind ${name} that strips a prefix`, { skip: skipWithout(name) }, () => {
    for (const [way, settingsFor] of [
      ['PUBLIC_URL', (publicUrl: string) => ({ PUBLIC_URL: publicUrl })],
      ['TRUSTED_PROXIES', () => ({ TRUSTED_PROXIES: '127.0.0.1' })],
    ] as const) {
      it(`is found by every address in its answers, by ${way}`, async () => {
        await using issuer = await startTestIssuer()
        await using behind = await openBehind(name, (url) => ({ ...settingsFor(url), OIDC_ISSUER: issuer.issuer }))
        const { publicUrl } = behind
        const [{ alice }, call] = [await createPeople(issuer), clientOf({ url: publicUrl }, true)]
        const write = (text: string) => call(alice, 'POST', `${publicUrl}/v1/posts`, { body: { text } })
        const [first] = [await write('One.'), await write('Two.')]
        const page = await call(alice, 'GET', `${publicUrl}/v1/posts?limit=1&sort=createdAt`)
        const next = /^<(.+)>; rel="next"$/.exec(page.headers['link'] ?? '')?.[1] ?? ''
        const document = (await (await fetch(`${publicUrl}/openapi.json`)).json()) as { servers: unknown }
        const pages = await Promise.all(['/', '/docs', '/docs/', '/redoc'].map((path) => partsOf(publicUrl + path)))
        const parts = [...new Set(pages.flat()), `${publicUrl}/docs/json`].filter(
          (part) => !part.endsWith('/health-check'),
        )

        assert.equal(first.headers['location'], `${publicUrl}/v1/posts/${first.body.id}`)
        assert.equal((await call(alice, 'GET', first.headers['location'] ?? '')).body.text, 'One.')
        assert.equal((await call(alice, 'GET', next)).body.items[0]?.text, 'Two.')
        assert.deepEqual(document.servers, [{ url: publicUrl }])
        assert.ok(parts.length > 8, parts.join('\n'))
        for (const part of parts) {
          const { status } = await fetch(part)
          assert.deepEqual([part.startsWith(publicUrl), status], [true, 200], part)
        }
      })
    }

    describe('at its public address', () => {
      let behind: Awaited<ReturnType<typeof openBehind>>
      before(async () => {
        const settings = { TRUSTED_PROXIES: '127.0.0.1/32', RATE_LIMIT: '1/min' }
        behind = await openBehind(name, (url) => ({ PUBLIC_URL: url, ...settings }))
      })
      after(() => behind[Symbol.asyncDispose]())

      it('has a development issuer', async () => {
        const { publicUrl } = behind
        const found = (await (await fetch(`${publicUrl}/issuer/.well-known/openid-configuration`)).json()) as Discovery

        assert.equal(found.issuer, `${publicUrl}/issuer`)
        for (const address of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
          assert.ok(found[address].startsWith(`${publicUrl}/issuer/`), found[address])
        }
        assert.equal((await fetch(found.jwks_uri)).status, 200)
      })

      it('counts and logs clients by their own address, whatever they claim', async () => {
        const { publicUrl, service } = behind
        const claims = { 'x-forwarded-for': '203.0.113.5', forwarded: 'for=203.0.113.5' }

        assert.deepEqual(
          [await statusFrom('127.0.0.2', publicUrl, claims), await statusFrom('127.0.0.2', publicUrl, {})],
          [401, 429],
        )
        assert.equal(await statusFrom('127.0.0.3', publicUrl, claims), 401)
        /** Without the service itself and the test, who read the keys of its development issuer. */
        const logged = () =>
          [...service.logs().matchAll(/"client\.ip":"([^"]+)"/g)].flatMap(([, address]) =>
            address === '127.0.0.1' ? [] : [address],
          )
        await until('all are logged', () => logged().length === 3)
        assert.deepEqual(logged(), ['127.0.0.2', '127.0.0.2', '127.0.0.3'])
      })
    })
  })
}

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clientOf } from '../kit/client.ts'
import { skipWithout } from '../kit/engines.ts'
import { startNginx } from '../kit/nginx.ts'
import { createPeople } from '../kit/people.ts'
import { startService } from '../kit/service.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'

describe('a service behind a proxy that compresses', { skip: skipWithout('nginx') }, () => {
  it('takes the tags that the proxy made weak for those of the same version', async () => {
    await using issuer = await startTestIssuer()
    await using service = await startService({ env: { DATABASE_URL: 'memory:', OIDC_ISSUER: issuer.issuer } })
    await using nginx = await startNginx(`location / { proxy_pass ${service.url}; }`)
    const [{ alice }, call] = [await createPeople(issuer), clientOf(nginx, true)]
    const { location = '' } = (await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })).headers
    const tag = (await call(alice, 'GET', location)).headers['etag'] ?? ''
    const rewrite = { body: { text: 'Hello again.' }, headers: { 'if-match': tag } }

    const unchanged = await call(alice, 'GET', location, { headers: { 'if-none-match': tag } })
    const [rewritten, late] = [await call(alice, 'PUT', location, rewrite), await call(alice, 'PUT', location, rewrite)]

    assert.deepEqual([tag, unchanged.status, rewritten.status, late.status], ['W/"1"', 304, 200, 412])
  })
})

/** What the development issuer, which answers for itself below a path, makes of requests that are no good. */

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createDevelopmentIssuer } from '../../src/development/issuer/issuer.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { exchange } from '../kit/raw-http.ts'

const FORM = 'Content-Type: application/x-www-form-urlencoded'
const KB = 1024

/** The request line, more header fields, the body. */
const ROWS: readonly (readonly [line: string, fields?: readonly string[], body?: string])[] = [
  ['GET /issuer/.well-known/openid-configuration'],
  ['GET /issuer/jwks'],
  ['GET /issuer/'],
  ['GET /issuer//'],
  ['GET /issuer/%00'],
  ['GET /issuer/%ff'],
  ['GET /issuer/%'],
  ['GET /issuer/../v1/posts'],
  ['GET /issuer/nothing'],
  ['PUT /issuer/token'],
  ['TRACE /issuer/token'],
  ['GET /issuer/auth'],
  ['GET /issuer/auth?%ff=%00&client_id=%'],
  [`GET /issuer/auth?client_id=${PRODUCT.docsClient}&client_id=${PRODUCT.docsClient}&response_type=code`],
  [`GET /issuer/auth?client_id=${'a'.repeat(8 * KB)}`],
  ['GET /issuer/auth/%00'],
  ['GET /issuer/interaction/%00'],
  ['GET /issuer/interaction/%ff'],
  ['GET /issuer/interaction/'],
  ['GET /issuer/interaction/nobody', ['Cookie: _interaction=nobody; _interaction.sig=forged']],
  ['POST /issuer/interaction/nobody', [FORM], 'username=%ff'],
  ['POST /issuer/token'],
  ['POST /issuer/token', [FORM], 'grant_type=%ff%00'],
  ['POST /issuer/token', [FORM], '&&==&%'],
  ['POST /issuer/token', [FORM], `grant_type=authorization_code&grant_type=x&client_id=${PRODUCT.docsClient}&code=x`],
  ['POST /issuer/token', [FORM], `code=${'a'.repeat(100 * KB)}`],
  ['POST /issuer/token', [FORM, 'Authorization: Basic %%%'], 'grant_type=authorization_code'],
  ['POST /issuer/token', [FORM, 'Content-Encoding: gzip'], 'grant_type=authorization_code'],
  ['POST /issuer/token', [`${FORM}; charset=nonsense`], 'grant_type=authorization_code'],
  ['POST /issuer/token', ['Content-Type: application/json'], '{"grant_type":'],
  ['POST /issuer/token', ['Content-Type: \u00ff'], 'x'],
]

describe('the development issuer', () => {
  let forum: Forum
  let dataDirectory = ''
  let port = 0
  before(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'forum-mounts-'))
    const settings = { audience: PRODUCT.namespace, redirectUris: ['http://docs.example.org/answer'], dataDirectory }
    const { handle } = await createDevelopmentIssuer({ ...settings, issuer: 'http://forum.example.org/issuer' })
    forum = await openForum({ rawHandlers: [{ path: '/issuer', handle }] })
    await forum.http.listen({ port: 0, host: '127.0.0.1' })
    port = (forum.http.server.address() as AddressInfo).port
  })
  after(async () => {
    await forum[Symbol.asyncDispose]()
    await rm(dataDirectory, { recursive: true })
  })

  for (const [line, fields = [], body = ''] of ROWS) {
    it(`answers ${line.slice(0, 70)} ${fields.join(' ')} ${body.slice(0, 30)}, with an id and no failure of ours`, async () => {
      const length = body === '' ? [] : [`Content-Length: ${body.length}`]
      const head = [`${line} HTTP/1.1`, 'Host: evil.example', 'X-Request-Id: mine-0001', ...fields, ...length]

      const { answers } = await exchange(port, [Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1')])

      const [{ status, headers }] = answers as [(typeof answers)[number]]
      assert.ok(status < 500, `${status}`)
      assert.equal(headers['x-request-id'], 'mine-0001')
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.match(headers['content-security-policy'] ?? '', /^default-src 'none'/)
      assert.ok(!JSON.stringify(headers).includes('evil.example'))
      const lines = forum.lines.splice(0)
      assert.equal(lines.length, 1, 'one line in the log')
      assert.doesNotMatch(lines.join(''), /error\.stack/)
    })
  }
})

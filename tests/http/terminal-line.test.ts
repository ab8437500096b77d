import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { requestLine } from '../../src/infrastructures/telemetry/request-line.ts'
import { terminalLine } from '../../src/infrastructures/telemetry/terminal-line.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { openForum } from '../kit/http.ts'

const signIn = {
  clientId: 'reader',
  addresses: async () => ({ authorization: 'https://a.example/', token: 'https://a.example/' }),
}

const ASIDE = ['/docs', '/docs/static/swagger-ui.css', '/redoc']

/** The forum with the lines that a terminal shows, each with its time taken out. */
async function openTerminal(level = 'info') {
  const lines: string[] = []
  const output = { write: (line: string) => void lines.push(JSON.parse(line).msg.replace(/ \d+\.\d ms/, ' 0.0 ms')) }
  const log = terminalLine(pino({ level }, output))
  return { ...(await openForum({ log, docs: { version: '1.2.3', signIn } })), lines }
}

describe('the line of a request on a terminal', () => {
  it('says who asked for what, how it ended and how long it took', async () => {
    await using terminal = await openTerminal()
    const { alice, call, lines } = terminal
    const { headers } = await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
    await call(alice, 'GET', `${headers['location']}?`)

    assert.deepEqual(lines, ['POST /v1/posts 201 0.0 ms alice', `GET ${headers['location']} 200 0.0 ms alice`])
  })

  it('shows the path of an unknown route, and the reason of a 401', async () => {
    await using terminal = await openTerminal()
    const { alice, call, issuer, lines } = terminal
    await call(null, 'GET', '/v1/post')
    await call(null, 'GET', '/v1/posts')
    const token = await issuer.token({ sub: alice.id, aud: 'somebody-else' })
    await call({ ...alice, token }, 'GET', '/v1/posts')

    assert.deepEqual(lines, [
      'GET /v1/post 404 0.0 ms',
      'GET /v1/posts 401 0.0 ms (Authentication is required.)',
      `GET /v1/posts 401 0.0 ms (The audience of the token is not ${PRODUCT.namespace}.)`,
    ])
  })

  it('contains no query, and no control characters', async () => {
    await using terminal = await openTerminal()
    const { alice, call, lines } = terminal
    await call(alice, 'GET', '/v1/posts?limit=1&count=true')
    await call(alice, 'GET', `/${'a'.repeat(500)}`)

    assert.deepEqual(lines, ['GET /v1/posts 200 0.0 ms alice', `GET /${'a'.repeat(119)}… 404 0.0 ms`])
    for (const url of ['/\u001b[31m', '/\u009b31m', '/ä']) {
      terminalLine(pino({}, { write: (line: string) => void lines.push(JSON.parse(line).msg) }))({
        ...{ id: 'a', traceId: null, spanId: null, method: 'GET', route: 'unknown', status: 404, milliseconds: 4.84 },
        ...{ url, userId: null, username: null, clientAddress: null, failure: null },
      })
      assert.match(lines.at(-1) ?? '', /^GET \/\?[\w[]* 404 4\.8 ms$/)
    }
  })

  it('shows the documentation and the issuer at debug alone, unless they fail', async () => {
    await using terminal = await openTerminal()
    await using debugging = await openTerminal('debug')
    for (const { http, lines } of [terminal, debugging]) {
      for (const url of [...ASIDE, '/docs/static/nothing', '/openapi.json']) await http.inject(url)
      assert.equal(lines.at(-1), 'GET /openapi.json 200 0.0 ms')
    }

    assert.deepEqual(terminal.lines, ['GET /docs/static/nothing 404 0.0 ms', 'GET /openapi.json 200 0.0 ms'])
    assert.equal(debugging.lines.length, 5)
  })

  it('comes with the stack of our own failures', async () => {
    await using terminal = await openTerminal()
    const { alice, call, lines, services } = terminal
    services.posts.list = () => Promise.reject(new TypeError('x is not a function'))
    await call(alice, 'GET', '/v1/posts')

    assert.match(
      lines[0] ?? '',
      /^GET \/v1\/posts 500 0\.0 ms alice\nTypeError: x is not a function\n +at .*terminal-line/,
    )
  })
})

describe('the line of a request in a log', () => {
  it('is left out for the documentation and the issuer, too', async () => {
    const lines: string[] = []
    const log = requestLine(pino({ level: 'info' }, { write: (line) => void lines.push(line) }))
    await using forum = await openForum({ log, docs: { version: '1.2.3', signIn } })
    for (const url of [...ASIDE, '/']) await forum.http.inject(url)

    assert.deepEqual(
      lines.map((line) => JSON.parse(line)['http.route']),
      ['/'],
    )
  })
})

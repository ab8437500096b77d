import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { createOpenFgaClient, RequestRefused } from '../../src/infrastructures/authorization/openfga/openfga-client.ts'

const hang: RequestListener = () => {}
const answer: RequestListener = (_request, response) => void response.end('{"allowed":true}')
const refuse: RequestListener = (_request, response) => {
  response.writeHead(401).end('{"code":"unauthenticated","message":"no key"}')
}

/** A client of a server that does what `does` says, and counts what it is asked. */
async function openClient(does: RequestListener, token: string | null = null) {
  const server = { does, asked: 0, authorization: [] as unknown[] }
  const http = createServer((request, response) => {
    server.asked++
    server.authorization.push(request.headers.authorization)
    server.does(request, response)
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  const clock = { time: 0 }
  const reports: string[] = []
  const call = createOpenFgaClient({
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    token,
    uptime: () => clock.time,
    onFailure: () => reports.push('failure'),
    onSuccess: () => reports.push('success'),
  })
  return {
    server,
    clock,
    reports,
    call: () => call('/stores', { body: {}, timeoutMs: 200 }),
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      http.close()
    },
  }
}

describe('a client of OpenFGA', () => {
  it('sends the key, and says how each call ended', async () => {
    await using client = await openClient(answer, 'sesame')

    assert.deepEqual(await client.call(), { allowed: true })
    assert.deepEqual([client.server.authorization, client.reports], [['Bearer sesame'], ['success']])
  })

  it('lets one call a second find out whether a server that hangs is back, and refuses the others at once', async () => {
    await using client = await openClient(hang)
    const { server, clock, call } = client

    await assert.rejects(call(), DependencyUnavailable)
    for (let n = 0; n < 10; n++) await assert.rejects(call(), DependencyUnavailable)
    assert.equal(server.asked, 1)

    clock.time = 1_000
    await Promise.allSettled(Array.from({ length: 10 }, call))
    assert.equal(server.asked, 2)

    server.does = answer
    await assert.rejects(call(), DependencyUnavailable)
    clock.time = 2_000
    await call()
    await Promise.all(Array.from({ length: 10 }, call))
    assert.equal(server.asked, 13)
  })

  it('that is answered with a failure asks again at the next call', async () => {
    await using client = await openClient((_request, response) => void response.writeHead(503).end())
    await assert.rejects(client.call(), DependencyUnavailable)
    client.server.does = answer

    assert.deepEqual(await client.call(), { allowed: true })
    assert.deepEqual(client.reports, ['failure', 'success'])
  })

  it('sends once more what met a connection that the server had closed', async () => {
    await using client = await openClient((request) => void request.socket.destroy())
    const { server } = client
    const { does } = server
    server.does = (request, response) => {
      server.does = answer
      does(request, response)
    }

    assert.deepEqual(await client.call(), { allowed: true })
    assert.equal(server.asked, 2)
  })

  it('passes on the error of the server, and refuses a malformed answer', async () => {
    await using client = await openClient(refuse)
    await assert.rejects(client.call(), ({ cause }) => {
      assert.ok(cause instanceof RequestRefused)
      assert.deepEqual([cause.status, cause.message], [401, 'OpenFGA answered 401: unauthenticated, no key'])
      return true
    })

    for (const text of ['', '<html>', '{"allowed":tr']) {
      client.server.does = (_request, response) => void response.end(text)
      await assert.rejects(client.call(), DependencyUnavailable)
    }
  })
})

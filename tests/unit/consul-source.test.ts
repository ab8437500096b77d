import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { consulSource } from '../../src/infrastructures/configuration/consul/consul-source.ts'
import { NoSettings, UnusableSource } from '../../src/infrastructures/configuration/settings-source.ts'
import { until } from '../kit/command.ts'

type Answer = Readonly<{ status?: number; headers?: Readonly<Record<string, string>>; body?: string }>

const entries = (values: Readonly<Record<string, string | null>>) =>
  JSON.stringify(
    Object.entries(values).map(([name, value]) => ({
      Key: `a b/c/${name}`,
      Value: value === null ? null : Buffer.from(value).toString('base64'),
    })),
  )

const indexed = (index: string, values = { RATE_LIMIT: '5/min' }): Answer => ({
  headers: { 'x-consul-index': index },
  body: entries(values),
})

/** A server that gives these answers, one after the other, and then none. */
async function serveAnswers(...answers: readonly Answer[]) {
  const requests: Readonly<{ url: string; token: string | undefined }>[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const answer = answers[requests.length]
    requests.push({ url: request.url ?? '', token: String(request.headers['x-consul-token']) })
    if (answer !== undefined) response.writeHead(answer.status ?? 200, answer.headers).end(answer.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const source = consulSource({ url, prefix: 'a b/c', token: 'a-token' })
  const stopping = new AbortController()

  return {
    source,
    requests,
    queries: () => requests.map(({ url }) => new URL(url, 'http://a').searchParams.get('index')),
    /** Follows until so many requests have arrived, and returns the reported values. */
    async follow(count: number): Promise<readonly string[]> {
      const reported: string[] = []
      const onFailure = (error: unknown) => reported.push(error instanceof UnusableSource ? 'unusable' : 'away')
      source.watch({ onValues: (values) => reported.push(JSON.stringify(values)), onFailure }, stopping.signal)
      await until(`${count} requests`, () => requests.length >= count, 30_000)
      return reported
    },
    [Symbol.dispose]() {
      stopping.abort()
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('settings in Consul', () => {
  it('are the keys below the prefix, asked for with the token', async () => {
    using consul = await serveAnswers({ body: entries({ RATE_LIMIT: 'ä/min', 'folder/': null, EMPTY: null }) })

    assert.deepEqual(await consul.source.read(), { RATE_LIMIT: 'ä/min', EMPTY: '' })
    assert.deepEqual(consul.requests, [{ url: '/v1/kv/a%20b/c/?recurse=true', token: 'a-token' }])
  })

  it('are waited for by the last index', async () => {
    using consul = await serveAnswers(indexed('5'), indexed('5'), indexed('7'))

    await consul.follow(4)

    assert.deepEqual(consul.queries(), [null, '5', '5', '7'])
    assert.match(consul.requests[1]?.url ?? '', /&wait=\d+s$/)
  })

  it('are asked for anew when the index went back, or after a failure', async () => {
    using consul = await serveAnswers(indexed('5'), indexed('3'), indexed('3'), { status: 500 }, indexed('4'))

    const reported = await consul.follow(6)

    assert.deepEqual(consul.queries(), [null, '5', null, '3', null, '4'])
    assert.deepEqual(
      reported.map((one) => (one.startsWith('{') ? 'values' : one)),
      ['values', 'values', 'values', 'away', 'values'],
    )
  })

  for (const index of ['0', '-1', 'x']) {
    it(`are not waited for by an index that is none: ${index}`, async () => {
      using consul = await serveAnswers(indexed(index), indexed('5'))

      await consul.follow(3)

      assert.deepEqual(consul.queries(), [null, null, '5'])
    })
  }

  for (const [what, answer, Kind] of [
    ['the token is refused', { status: 403, body: 'ACL not found' }, UnusableSource],
    ['no key is there', { status: 404, headers: { 'x-consul-index': '5' } }, NoSettings],
    [
      'the token may read only some keys',
      { headers: { 'x-consul-results-filtered-by-acls': 'true' }, body: entries({ A: '1' }) },
      UnusableSource,
    ],
  ] as const) {
    it(`cannot be used when ${what}`, async () => {
      using consul = await serveAnswers(answer)

      await assert.rejects(consul.source.read(), Kind)
    })
  }

  for (const [what, answer] of [
    ['a page', { body: '<html>' }],
    ['another JSON', { body: '{"RATE_LIMIT": "5/min"}' }],
    ['other entries', { body: '[{"Key": 1}]' }],
    ['nothing of Consul', { status: 404 }],
    ['another place', { status: 302, headers: { location: '/elsewhere' } }],
    ['more than Consul may have', { body: `[${' '.repeat(9 * 1024 * 1024)}]` }],
  ] as const) {
    it(`are away when the answer is ${what}`, async () => {
      using consul = await serveAnswers(answer, { body: entries({ A: '1' }) })

      await assert.rejects(consul.source.read(), (error) => !(error instanceof UnusableSource))
      assert.equal(consul.requests.length, 1)
    })
  }
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectTcp, createServer, type LookupFunction } from 'node:net'
import { describe, it } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { reasonOf } from '../../src/patterns/reason.ts'

describe('the reason of a failure', () => {
  it('is what the error and its causes say, in one line and each once', () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:1', { cause: new Error('connect ECONNREFUSED') })
    assert.equal(
      reasonOf(new TypeError('fetch\n  failed', { cause })),
      'fetch failed: connect ECONNREFUSED 127.0.0.1:1',
    )
  })

  it('is what each address of a name said, whose failures Node.js puts under an empty message', async () => {
    const lookup: LookupFunction = (_name, _options, callback) =>
      callback(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '127.0.0.2', family: 4 },
      ])
    const [error] = await once(connectTcp({ host: 'two', port: 1, lookup, autoSelectFamily: true }), 'error')

    assert.equal(error.message, '')
    assert.equal(reasonOf(error), 'connect ECONNREFUSED 127.0.0.1:1; connect ECONNREFUSED 127.0.0.2:1')
  })

  it('is short where OpenSSL is not', async () => {
    const server = createServer((socket) => socket.end('no TLS')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const [error] = await once(connectTls((server.address() as { port: number }).port, '127.0.0.1'), 'error')
    server.close()

    assert.equal(reasonOf(error), 'TLS: wrong version number')
  })

  for (const url of [
    'postgres://forum:canary@db/forum',
    'postgres://forum:can/c@n?canary@db:5432/forum?sslmode=require',
    'amqps://forum:c%40n%2Fcanary@mq/%2F',
    'redis://:canary@cache:6379/0',
    'nats://canary@mq',
  ]) {
    it(`has no credentials of ${url}`, () => {
      const reason = reasonOf(new Error(`cannot open ${url}, as it is`, { cause: `invalid: "${url}"` }))

      assert.doesNotMatch(reason, /canary|c@n|forum:/)
      assert.match(reason, /^cannot open \w+:\/\/(db|mq|cache)/)
    })
  }

  it('ends, however deep the causes are, and however much they say', () => {
    const endless = new Error('x'.repeat(10_000))
    endless.cause = endless
    assert.equal(reasonOf(endless).length, 500)
  })

  it('is the name of an error without a message, and unknown for what is none', () => {
    assert.equal(reasonOf(new RangeError()), 'RangeError')
    assert.equal(reasonOf(new RangeError('', { cause: new Error('why') })), 'why')
    assert.deepEqual([reasonOf(undefined), reasonOf({ secret: 1 }), reasonOf('text')], ['unknown', 'unknown', 'text'])
  })
})

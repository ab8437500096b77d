import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InvalidNatsUrl, parseNatsOptions } from '../../src/infrastructures/message-queue/nats/nats-url.ts'

describe('a URL of NATS', () => {
  for (const [url, options] of [
    ['nats://one', { credentials: null, replicas: 1 }],
    ['nats://one:4222,two', { credentials: null, replicas: 1 }],
    ['nats://one,two,three', { credentials: null, replicas: 3 }],
    ['nats://a,b,c,d,e', { credentials: null, replicas: 3 }],
    ['nats://one,two,three?replicas=1', { credentials: null, replicas: 1 }],
    ['tls://one?replicas=5', { credentials: null, replicas: 5 }],
    ['nats://one?creds=/run/a%20b.creds', { credentials: '/run/a b.creds', replicas: 1 }],
  ] as const) {
    it(`asks for ${options.replicas} replicas as ${options.credentials ?? 'nobody'}: ${url}`, () => {
      assert.deepEqual(parseNatsOptions(url), options)
    })
  }

  for (const url of ['?replicas=0', '?replicas=6', '?replicas=x', '?creds=']) {
    it(`is refused if it ends with ${url}`, () => {
      assert.throws(() => parseNatsOptions(`nats://one${url}`), InvalidNatsUrl)
    })
  }

  it('is refused if it has a user besides a file of credentials', () => {
    assert.throws(() => parseNatsOptions('nats://canary@one?creds=a'), InvalidNatsUrl)
  })
})

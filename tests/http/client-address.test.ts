import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { hopsOfForwarded } from '../../src/controllers/http/client/forwarded.ts'
import { type Network, parseNetwork } from '../../src/controllers/http/client/networks.ts'
import { until } from '../kit/command.ts'
import { type Forum, openForum } from '../kit/http.ts'

const networks = (...texts: readonly string[]): readonly Network[] =>
  texts.map((text) => parseNetwork(text) ?? assert.fail(text))

const trustedProxies = networks('127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48', '::ffff:192.168.0.0/112')

type Row = readonly [what: string, from: string, headers: Readonly<Record<string, string>>, client: string]
const list = (value: string) => ({ 'x-forwarded-for': value })
const rfc = (value: string) => ({ forwarded: value })

const ROWS: readonly Row[] = [
  ['nobody forwards', '127.0.0.1', {}, '127.0.0.1'],
  ['a stranger claims to forward', '203.0.113.9', list('198.51.100.1'), '203.0.113.9'],
  ['a stranger claims to, by RFC 7239', '203.0.113.9', rfc('for=198.51.100.1'), '203.0.113.9'],
  ['one beside a network', '11.0.0.1', list('198.51.100.1'), '11.0.0.1'],
  ['a proxy names it', '127.0.0.1', list('198.51.100.1'), '198.51.100.1'],
  ['a proxy of a network', '10.255.255.255', list('198.51.100.1'), '198.51.100.1'],
  ['a proxy of an IPv6 network', '2001:db8:1:ffff::1', list('198.51.100.1'), '198.51.100.1'],
  ['a proxy of a network that is written mapped', '192.168.0.7', list('198.51.100.1'), '198.51.100.1'],
  ['a proxy that connects mapped', '::ffff:10.1.2.3', list('198.51.100.1'), '198.51.100.1'],
  ['a client forges the beginning', '127.0.0.1', list('6.6.6.6, 198.51.100.1'), '198.51.100.1'],
  ['a client forges a trusted address', '127.0.0.1', list('6.6.6.6, 10.0.0.1, 198.51.100.1'), '198.51.100.1'],
  ['several proxies', '127.0.0.1', list('6.6.6.6, 198.51.100.1, 10.0.0.9,2001:db8:1::2'), '198.51.100.1'],
  ['a proxy is the client', '127.0.0.1', list('10.0.0.1'), '10.0.0.1'],
  ['a port is named', '127.0.0.1', list('198.51.100.1:4711'), '198.51.100.1'],
  ['IPv6 in any spelling', '127.0.0.1', list('2001:DB8:0::0001'), '2001:db8::1'],
  ['IPv6 with a port', '127.0.0.1', list('[2001:db8::1]:4711'), '2001:db8::1'],
  ['IPv4 that is mapped', '127.0.0.1', list('::ffff:198.51.100.1'), '198.51.100.1'],
  ['a name', '127.0.0.1', list('forum.example.org'), '127.0.0.1'],
  ['nothing', '127.0.0.1', list(''), '127.0.0.1'],
  ['a forged line', '127.0.0.1', list('198.51.100.1"}\u001b[31m'), '127.0.0.1'],
  ['RFC 7239', '127.0.0.1', rfc('for=198.51.100.1;proto=https;by=203.0.113.43'), '198.51.100.1'],
  ['RFC 7239, a forged beginning', '127.0.0.1', rfc('for=6.6.6.6, FOR="198.51.100.1:80"; proto=http'), '198.51.100.1'],
  ['RFC 7239, IPv6 with a port', '127.0.0.1', rfc('For="[2001:db8::1]:4711"'), '2001:db8::1'],
  ['RFC 7239, an escaped letter', '127.0.0.1', rfc('for="198\\.51.100.1"'), '198.51.100.1'],
  ['RFC 7239, commas in quotes', '127.0.0.1', rfc('for=6.6.6.6;ext="a, for=1;b", for=198.51.100.1'), '198.51.100.1'],
  ['RFC 7239, several proxies', '127.0.0.1', rfc('for=198.51.100.1, for=10.0.0.7'), '198.51.100.1'],
  ['RFC 7239, unknown', '127.0.0.1', rfc('for=6.6.6.6, for=unknown'), '127.0.0.1'],
  ['RFC 7239, a hidden one', '127.0.0.1', rfc('for=6.6.6.6, for=_gazonk, for=10.0.0.7'), '10.0.0.7'],
  ['RFC 7239, an open quote', '127.0.0.1', rfc('for="6.6.6.6, for=198.51.100.1'), '127.0.0.1'],
  ['RFC 7239, rubbish', '127.0.0.1', rfc('\u007f=;;,,"'), '127.0.0.1'],
  ['RFC 7239, an end that cannot be read', '127.0.0.1', rfc('for=6.6.6.6, for="'), '127.0.0.1'],
  ['both agree', '127.0.0.1', { ...list('198.51.100.1'), ...rfc('for=198.51.100.1') }, '198.51.100.1'],
  ['both differ: one is forged', '127.0.0.1', { ...list('198.51.100.1'), ...rfc('for=6.6.6.6') }, '127.0.0.1'],
]

const addressesIn = ({ lines }: Forum) => lines.splice(0).map((line) => JSON.parse(line)['client.ip'])

describe('the address of a client', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum({ trustedProxies })
  })
  after(() => forum[Symbol.asyncDispose]())

  for (const [what, from, headers, expected] of ROWS) {
    it(`is the right-most one that is not a trusted proxy: ${what}`, async () => {
      await forum.call(null, 'GET', '/v1/posts', { from, headers })

      assert.deepEqual(addressesIn(forum), [expected])
    })
  }

  it('is that of the connection, when no proxy is trusted', async () => {
    await using forum = await openForum()
    await forum.call(null, 'GET', '/v1/posts', { headers: list('198.51.100.1') })
    await forum.call(null, 'GET', '/v1/%zz', { from: '203.0.113.9', headers: rfc('for=198.51.100.1') })

    assert.deepEqual(addressesIn(forum), ['127.0.0.1', '203.0.113.9'])
  })

  it('is what requests are counted by that fail to authenticate', async () => {
    const [requests, counted] = [{ requests: 1, seconds: 60 }, new Map<string, number>()]
    const count = async (key: string) => {
      counted.set(key, (counted.get(key) ?? 0) + 1)
      return { used: counted.get(key) ?? 0, resetsInMs: 1_000 }
    }
    await using forum = await openForum({ trustedProxies, rateLimit: requests, count })
    const ask = async (headers: Readonly<Record<string, string>>, from = '127.0.0.1') =>
      (await forum.call(null, 'GET', '/v1/posts', { headers, from })).status

    assert.deepEqual([await ask(list('203.0.113.5')), await ask(list('203.0.113.5'))], [401, 429])
    assert.deepEqual([await ask(list('198.51.100.9')), await ask(rfc('for=198.51.100.9'))], [401, 429])
    assert.deepEqual([await ask(list('1.1.1.1'), '8.8.8.8'), await ask(list('2.2.2.2'), '8.8.8.8')], [401, 429])
  })

  it('is in the log also of what never became a request', async () => {
    await using forum = await openForum()
    await forum.http.listen({ port: 0, host: '127.0.0.1' })
    const { port } = forum.http.server.address() as AddressInfo
    async function send(text: string): Promise<Socket> {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      await once(socket, 'connect')
      socket.write(text)
      await once(socket, 'data')
      return socket
    }

    await send('no request\r\n\r\n')
    await until('it is logged', () => forum.lines.length === 1)

    assert.deepEqual(addressesIn(forum), ['127.0.0.1'])
  })
})

describe('the lines of Forwarded', () => {
  it('are read each by itself: what a client sent cannot spoil what its proxy adds', () => {
    const hops = hopsOfForwarded(['for=6.6.6.6, for="', 'for=198.51.100.1;host=example.org', ' ; , '])

    assert.deepEqual(hops, [{ from: null }, { from: '198.51.100.1', host: 'example.org' }])
  })
})

describe('a list of trusted proxies', () => {
  for (const [text, expected] of [
    ['10.1.2.3', { address: '10.1.2.3', prefix: 32 }],
    ['10.1.2.3/8', { address: '10.1.2.3', prefix: 8 }],
    ['0.0.0.0/0', { address: '0.0.0.0', prefix: 0 }],
    ['2001:DB8::/32', { address: '2001:db8::', prefix: 32 }],
    ['::1', { address: '::1', prefix: 128 }],
    ['::ffff:10.0.0.1', { address: '10.0.0.1', prefix: 32 }],
    ['::ffff:10.0.0.0/104', { address: '10.0.0.0', prefix: 8 }],
    ...[
      '',
      'localhost',
      '10.0.0',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/08',
      '10.0.0.0/8/8',
      '010.0.0.1',
      '::1/129',
    ].map((text) => [text, null] as const),
    ...['fe80::1%eth0', '::ffff:10.0.0.0/95', '10.0.0.1:80', '10.0.0.0/-1', '10.0.0.0-10.0.0.9', '*'].map(
      (text) => [text, null] as const,
    ),
  ] as const) {
    it(`${expected === null ? 'has no' : 'has'} ${text || 'empty entry'}`, () => {
      assert.deepEqual(parseNetwork(text), expected)
    })
  }
})

/** What a start says of a server that can never be used: the setting, the host and the cause, and no password. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { selfSignedCertificate } from '../kit/certificate.ts'
import { freshDirectory, runCommand } from '../kit/command.ts'
import { amqpUrl, natsUrl, redisUrl, skipWithout } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { startOddNats, startOddRedis } from '../kit/odd-servers.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import { freePorts } from '../kit/service.ts'

type Row = readonly [what: string, setting: 'QUEUE_URL' | 'CACHE_URL', url: () => string, cause: string | RegExp]

const CANARY = 'canary-7f3a'
const UNTRUSTED = /^the server's certificate is not trusted \(self-signed certificate\): NODE_EXTRA_CA_CERTS /
const servers = { http: '', natsBare: '', natsAccounts: '', natsTls: '', redisPassword: '', redisTls: '', redisOld: '' }
const opened = new AsyncDisposableStack()

/** The address of a server, under another protocol and other credentials. */
function at(server: string | null, protocol: string, user = `forum:${CANARY}`, path = ''): string {
  return `${protocol}://${user}@${new URL(server ?? '').host}${path}`
}

const rows: Readonly<Record<'NATS' | 'RabbitMQ' | 'Redis', readonly Row[]>> = {
  RabbitMQ: [
    [
      'an unknown vhost',
      'QUEUE_URL',
      () => at(amqpUrl, 'amqp', 'guest:guest', '/not-there'),
      "vhost 'not-there' not found",
    ],
    [
      'a wrong password',
      'QUEUE_URL',
      () => at(amqpUrl, 'amqp', `guest:${CANARY}`),
      /^RabbitMQ refuses .*ACCESS_REFUSED/,
    ],
    ['no TLS', 'QUEUE_URL', () => at(amqpUrl, 'amqps'), 'the server does not speak TLS on this port'],
    ['HTTP', 'QUEUE_URL', () => at(servers.http, 'amqp'), 'what listens there speaks HTTP, not AMQP'],
    ['NATS', 'QUEUE_URL', () => at(natsUrl, 'amqp'), 'what listens there speaks NATS, not AMQP'],
    ['Redis', 'QUEUE_URL', () => at(redisUrl, 'amqp'), 'what listens there speaks Redis, not AMQP'],
  ],
  NATS: [
    ['no JetStream', 'QUEUE_URL', () => at(servers.natsBare, 'nats'), /^the server runs without JetStream/],
    [
      'no JetStream in the account',
      'QUEUE_URL',
      () => at(servers.natsAccounts, 'nats', 'bare:sesame'),
      /^the account of this user has no JetStream/,
    ],
    [
      'no permission',
      'QUEUE_URL',
      () => at(servers.natsAccounts, 'nats', 'weak:sesame'),
      /^the user may not set up streams .*Permissions Violation/,
    ],
    [
      'a wrong password',
      'QUEUE_URL',
      () => at(servers.natsAccounts, 'nats', `bare:${CANARY}`),
      /^NATS refuses the credentials: Authorization Violation/,
    ],
    ['an untrusted certificate', 'QUEUE_URL', () => at(servers.natsTls, 'tls'), UNTRUSTED],
    ['no TLS', 'QUEUE_URL', () => at(natsUrl, 'tls'), 'the server does not speak TLS on this port'],
    ['HTTP', 'QUEUE_URL', () => at(servers.http, 'nats'), 'what listens there speaks HTTP, not NATS'],
    ['RabbitMQ', 'QUEUE_URL', () => at(amqpUrl, 'nats'), 'what listens there speaks AMQP, not NATS'],
  ],
  Redis: [
    ['no password', 'CACHE_URL', () => servers.redisPassword, /^the server wants a password \(NOAUTH/],
    [
      'a wrong password',
      'CACHE_URL',
      () => at(servers.redisPassword, 'redis'),
      /^the server refuses the credentials \(WRONGPASS/,
    ],
    [
      'an unknown database',
      'CACHE_URL',
      () => `${redisUrl}/99`,
      'there is no such database (ERR DB index is out of range)',
    ],
    ['an untrusted certificate', 'CACHE_URL', () => at(servers.redisTls, 'rediss'), UNTRUSTED],
    ['no TLS', 'CACHE_URL', () => at(redisUrl, 'rediss'), 'the server does not speak TLS on this port'],
    ['TLS', 'CACHE_URL', () => at(servers.redisTls, 'redis'), 'what listens there speaks TLS, not Redis'],
    ['HTTP', 'CACHE_URL', () => at(servers.http, 'redis'), 'what listens there speaks HTTP, not Redis'],
    ['an old version', 'CACHE_URL', () => servers.redisOld, /^the server is too old: Redis 6 or later/],
  ],
}

const skip = skipWithout('rabbitmq') || skipWithoutOwn('nats') || skipWithoutOwn('redis')

describe('a server that can never be used ends the start with 78 and one sentence', { skip, concurrency: 2 }, () => {
  before(openServers)
  after(() => opened.disposeAsync())

  for (const [name, of] of Object.entries(rows)) {
    for (const [what, setting, url, cause] of of) {
      it(`${name}: ${what}`, async () => {
        const address = new URL(url())
        const { code, stdout, stderr } = await start({ [setting]: address.href })

        const [sentence = '', ...rest] = stderr.trimEnd().split('\n')
        const named = `${setting} ${address.protocol}//${address.host}${address.pathname}: `
        assert.deepEqual([code, sentence.slice(0, named.length)], [78, named], stderr)
        if (typeof cause === 'string') assert.equal(sentence.slice(named.length), cause)
        else assert.match(sentence.slice(named.length), cause)
        assert.ok(rest.length <= 1, stderr)
        assert.doesNotMatch(stdout + stderr, new RegExp(`${CANARY}|sesame|\\n +at `))
      })
    }
  }

  for (const [name, setting, url, oldest, actual, instead] of [
    ['NATS', 'QUEUE_URL', natsUrl, '2.9', /"version":"2\.\d+/, '"version":"1.9'],
    ['RabbitMQ', 'QUEUE_URL', amqpUrl, '3.10', /version(S\0\0\0.)3\.\d/, 'version$12.9'],
  ] as const) {
    it(`${name}: an old version`, async () => {
      await using wire = await startFaultProxy(
        new URL(url ?? ''),
        () => {},
        (answer) => Buffer.from(answer.toString('latin1').replace(actual, instead), 'latin1'),
      )
      const { code, stderr } = await start({ [setting]: wire.url })

      assert.equal(code, 78, stderr)
      assert.match(stderr, new RegExp(`: ${name} \\d[\\d.]* is too old: ${oldest} or later is needed\\n$`))
    })
  }
})

async function start(env: Readonly<Record<string, string>>) {
  await using place = await freshDirectory()
  const [port, health] = (await freePorts(2)).map(String) as [string, string]
  return await runCommand([], {
    directory: place.directory,
    env: { DATABASE_URL: 'memory:', LOG_FORMAT: 'ecs', HTTP_PORT: port, HEALTH_PORT: health, ...env },
  })
}

/** Servers of all kinds that are of no use. */
async function openServers(): Promise<void> {
  const { keyFile, certificateFile } = opened.use(await selfSignedCertificate())
  const store = opened.use(await freshDirectory())
  const use = async (server: Promise<AsyncDisposable & Readonly<{ url: string }>>) => opened.use(await server).url

  const web = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(web, 'listening')
  opened.defer(() => void web.close().closeAllConnections())
  servers.http = `http://127.0.0.1:${(web.address() as { port: number }).port}`

  servers.natsBare = await use(startOddNats(''))
  servers.natsAccounts = await use(startOddNats(accounts(store.directory)))
  servers.natsTls = await use(startOddNats(`tls { cert_file: "${certificateFile}", key_file: "${keyFile}" }`))

  servers.redisPassword = await use(startOddRedis(['--requirepass', 'sesame']))
  servers.redisOld = await use(startOddRedis(['--rename-command', 'HELLO', '']))
  const files = ['--tls-cert-file', certificateFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certificateFile]
  servers.redisTls = await use(startOddRedis([...files, '--tls-auth-clients', 'no'], 'rediss'))
}

const accounts = (directory: string): string => `
jetstream { store_dir: "${directory}", max_mem_store: 1MB, max_file_store: 100MB }
accounts {
  bare: { users: [ { user: bare, password: sesame } ] }
  full: { jetstream: enabled, users: [ { user: weak, password: sesame, permissions: { publish: { deny: "$JS.API.>" } } } ] }
}
`

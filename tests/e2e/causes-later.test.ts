/** What goes wrong while the service runs, or may still come right: it is logged once, degrades the service, and heals. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { selfSignedCertificate } from '../kit/certificate.ts'
import { freshDirectory, startCommand, until } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { startOddNats } from '../kit/odd-servers.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { startRedisServer } from '../kit/redis-server.ts'
import { freePorts, type Service, startService } from '../kit/service.ts'

type Line = Readonly<Record<string, string>>

const CANARY = 'canary-7f3a'
const OFF = { DATABASE_URL: 'memory:', RATE_LIMIT: 'off' }

const linesOf = ({ logs }: Service): readonly Line[] =>
  logs()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

const countOf = (service: Service, pattern: RegExp): number =>
  linesOf(service).filter(({ message = '' }) => pattern.test(message)).length

const logged = (service: Service, pattern: RegExp, timeoutMs = 20_000): Promise<void> =>
  until(`it logs ${pattern}`, () => countOf(service, pattern) > 0, timeoutMs)

async function statusesOf({ healthUrl }: Service): Promise<Line> {
  const answer = await fetch(`${healthUrl}/health-check`)
  const { status, checks } = (await answer.json()) as { status: string; checks: Record<string, { status: string }> }
  return { all: status, cache: checks['cache']?.status ?? '', queue: checks['queue']?.status ?? '' }
}

const becomes = (service: Service, part: 'cache' | 'queue', is: 'up' | 'down'): Promise<void> =>
  until(
    `the ${part} is ${is}`,
    async () => {
      const statuses = await statusesOf(service)
      return statuses[part] === is && statuses['all'] === (is === 'up' ? 'up' : 'degraded')
    },
    20_000,
  )

async function endsWell(service: Service): Promise<void> {
  const began = performance.now()
  assert.equal(await service.stop(), 0)
  assert.ok(performance.now() - began < 6_000, 'it took long to end')
  assert.doesNotMatch(service.logs(), new RegExp(`${CANARY}|\\n +at `))
}

describe('a server that is away', { skip: skipWithout('memory') }, () => {
  /** Accepts connections, which it closes at once, or leaves alone. */
  async function useless(closes: boolean, treat = () => {}): Promise<Server> {
    const server = createServer((socket) => {
      treat()
      socket.on('error', () => {})
      if (closes) socket.destroy()
    })
    server.listen(0, '127.0.0.1').unref()
    await once(server, 'listening')
    return server
  }
  const portOf = (server: Server): number => (server.address() as { port: number }).port

  for (const [protocol, setting, where, silence] of [
    ['amqp', 'QUEUE_URL', /^waiting for the message queue at 127\.0\.0\.1:\d+ \(QUEUE_URL\): /, /: connect ETIMEDOUT$/],
    [
      'nats',
      'QUEUE_URL',
      /^waiting for the message queue at 127\.0\.0\.1:\d+ \(QUEUE_URL\): /,
      /: no answer within 2000 ms$/,
    ],
    ['redis', 'CACHE_URL', /waiting for 127\.0\.0\.1:\d+ \(CACHE_URL\): /, /: No answer within 800 ms\.$/],
  ] as const) {
    it(`${protocol}: does not keep the service from starting, and is logged once for all retries`, async () => {
      let seen = 0
      const server = await useless(true, () => void seen++)
      await using service = await startService({
        env: { ...OFF, [setting]: `${protocol}://forum:${CANARY}@127.0.0.1:${portOf(server)}` },
      })

      await logged(service, where)
      await until('it was tried often', () => seen > 24, 30_000)
      const warnings = linesOf(service).filter((line) => line['log.level'] === 'warn')
      assert.equal(new Set(warnings.map(({ message }) => message)).size, warnings.length, service.logs())
      assert.equal((await statusesOf(service))['all'], 'degraded')
      await endsWell(service)
      server.close()
    })

    it(`${protocol}: says nothing, and a stop does not wait for it`, async () => {
      const server = await useless(false)
      await using service = await startService({
        env: { ...OFF, [setting]: `${protocol}://forum:${CANARY}@127.0.0.1:${portOf(server)}` },
      })

      await logged(service, silence)
      assert.ok(countOf(service, where) > 0, service.logs())
      await endsWell(service)
      server.close()
    })
  }

  it('is named by its host: a name without an address', async () => {
    await using service = await startService({ env: { ...OFF, QUEUE_URL: `nats://${CANARY}@mq.invalid` } })

    await logged(
      service,
      /^waiting for the message queue at mq\.invalid \(QUEUE_URL\): getaddrinfo (ENOTFOUND|EAI_AGAIN) mq\.invalid$/,
    )
    await endsWell(service)
  })

  it('is waited for while the service starts, and a stop ends that at once', async () => {
    const server = await useless(false)
    const [port, health] = (await freePorts(2)).map(String) as [string, string]
    const asked = once(server, 'connection')
    await using started = startCommand([], {
      directory: '/',
      env: {
        ...OFF,
        HTTP_PORT: port,
        HEALTH_PORT: health,
        OIDC_ISSUER: 'http://127.0.0.1:1',
        QUEUE_URL: `nats://127.0.0.1:${portOf(server)}`,
      },
    })

    await asked
    const began = performance.now()
    started.child.kill('SIGTERM')
    assert.equal(await started.ended(), 0, started.stderr())
    assert.ok(performance.now() - began < 1_500)
    server.close()
  })
})

describe('an issuer that cannot be used', () => {
  const servers = new AsyncDisposableStack()
  const addresses = { plain: '', untrusted: '' }
  before(async () => {
    const { key, certificate: cert } = servers.use(await selfSignedCertificate())
    for (const [name, server] of Object.entries({ plain: createHttp(), untrusted: createHttps({ key, cert }) })) {
      await once(server.listen(0, '127.0.0.1'), 'listening')
      servers.defer(() => void server.close())
      Object.assign(addresses, { [name]: `https://127.0.0.1:${(server.address() as { port: number }).port}/x` })
    }
  })
  after(() => servers.disposeAsync())

  for (const [what, address, cause] of [
    ['is away', () => 'http://127.0.0.1:1025/realms/forum', /connect ECONNREFUSED 127\.0\.0\.1:1025$/],
    ['has an unknown name', () => 'https://issuer.invalid/x', /getaddrinfo (ENOTFOUND|EAI_AGAIN) issuer\.invalid$/],
    ['does not speak TLS', () => addresses.plain, /TLS: wrong version number$/],
    ['has an untrusted certificate', () => addresses.untrusted, /self-signed certificate/],
  ] as const) {
    it(`${what}: the log names the setting, the host and the cause, once`, async () => {
      await using service = await startService({ env: { ...OFF, OIDC_ISSUER: address() } })

      for (let seconds = 0; seconds < 2.5; seconds += 0.1) {
        const { status } = await fetch(`${service.url}/v1/posts`, { headers: { authorization: `Bearer ${A_TOKEN}` } })
        assert.equal(status, 503)
        await sleep(100)
      }

      const lines = linesOf(service).filter(({ message = '' }) => message.includes(`OIDC_ISSUER ${address()}: `))
      assert.deepEqual([lines.length, cause.test(lines[0]?.['message'] ?? '')], [1, true], service.logs())
      await endsWell(service)
    })
  }
})

/** Well formed, but with an unknown signature. */
const A_TOKEN = [{ alg: 'RS256', kid: 'x', typ: 'JWT' }, { sub: 'x' }, 'x']
  .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'))
  .join('.')

describe('Redis that changes its mind', { skip: skipWithoutOwn('redis') }, () => {
  let redis: Awaited<ReturnType<typeof startRedisServer>>
  before(async () => {
    redis = await startRedisServer()
  })
  after(() => redis?.destroy())

  it('about a password, or what a user may do: the cause is logged, the service is degraded, and it heals', async () => {
    await redis.command('ACL', 'SETUSER', 'forum', 'on', `>${CANARY}`, '~*', '+@all')
    const url = new URL(redis.url)
    await using service = await startService({ env: { ...OFF, CACHE_URL: `redis://forum:${CANARY}@${url.host}` } })
    await becomes(service, 'cache', 'up')

    for (const [wrong, right, cause] of [
      [
        ['resetpass', '>other'],
        ['resetpass', `>${CANARY}`],
        /\(CACHE_URL\): the server refuses the credentials \(WRONGPASS/,
      ],
      [['-@all'], ['+@all'], /\(CACHE_URL\): .*the user may not do what is needed \(NOPERM/],
    ] as const) {
      await redis.command('ACL', 'SETUSER', 'forum', ...wrong)
      if (wrong[1]) await redis.command('CLIENT', 'KILL', 'USER', 'forum')
      await logged(service, cause)
      await becomes(service, 'cache', 'down')
      await redis.command('ACL', 'SETUSER', 'forum', ...right)
      await becomes(service, 'cache', 'up')
    }
    assert.equal(countOf(service, /^the cache answers again$/), 2)
    await endsWell(service)
  })
})

describe('NATS that changes its mind', { skip: skipWithoutOwn('nats') }, () => {
  const confIn =
    (directory: string) =>
    (user: string, jetstream = 'enabled') =>
      `
    jetstream { store_dir: "${directory}", max_mem_store: 1MB, max_file_store: 100MB }
    accounts { forum: { jetstream: ${jetstream}, users: [ { user: ${user}, password: ${CANARY} } ] } }`

  it('about a user, or JetStream: the cause is logged, the service is degraded, and it heals', async () => {
    await using store = await freshDirectory()
    const conf = confIn(store.directory)
    await using nats = await startOddNats(conf('forum'))
    const { host } = new URL(nats.url)
    const reload = async (text: string): Promise<void> => {
      await writeFile(join(nats.folder, 'nats.conf'), text)
      process.kill(nats.pid ?? 0, 'SIGHUP')
    }
    await using service = await startService({ env: { ...OFF, QUEUE_URL: `nats://forum:${CANARY}@${host}` } })
    await becomes(service, 'queue', 'up')

    await reload(conf('other'))
    await logged(service, /\(QUEUE_URL\): NATS refuses the credentials: Authorization Violation/)
    await becomes(service, 'queue', 'down')
    await reload(conf('forum'))
    await becomes(service, 'queue', 'up')

    await reload(conf('forum', 'disabled'))
    await becomes(service, 'queue', 'down')
    const noJetStream = /^waiting for the message queue .*\(QUEUE_URL\): JetStream not enabled for account/
    await until('a check logs the cause', async () => {
      await statusesOf(service) // the first check may have met a server that is about to turn JetStream off
      return countOf(service, noJetStream) > 0
    })
    await reload(conf('forum'))
    await becomes(service, 'queue', 'up')
    await endsWell(service)
  })
})

describe('RabbitMQ that changes its mind', { skip: skipWithoutOwn('rabbitmq') }, () => {
  it('about a certificate, a virtual host or a password: the cause is logged, and it heals', async () => {
    await using files = await selfSignedCertificate()
    const [tlsPort] = (await freePorts(1)) as [number]
    await using rabbitmq = await ownEngine('rabbitmq')
    const account = (password: string, vhost: string) =>
      [
        `default_user = forum\ndefault_pass = ${password}\ndefault_vhost = ${vhost}`,
        `listeners.ssl.1 = 127.0.0.1:${tlsPort}\nssl_options.certfile = ${files.certificateFile}\nssl_options.keyfile = ${files.keyFile}`,
      ].join('\n')
    const renew = async (password: string, vhost: string): Promise<void> => {
      await rabbitmq.wipe()
      await rabbitmq.start({ RABBITMQ_OPTIONS: account(password, vhost) })
    }
    await rabbitmq.start({ RABBITMQ_OPTIONS: account(CANARY, 'forum') })
    const { host } = new URL(rabbitmq.url)

    const QUEUE_URL = `amqps://forum:${CANARY}@127.0.0.1:${tlsPort}/forum`
    const refused = await startService({ env: { ...OFF, QUEUE_URL } }).catch(({ message }: Error) => message)
    assert.match(
      String(refused),
      /QUEUE_URL amqps:\/\/127\.0\.0\.1:\d+\/forum: the server's certificate is not trusted \(self/,
    )
    await using trusting = await startService({
      env: { ...OFF, QUEUE_URL, NODE_EXTRA_CA_CERTS: files.certificateFile },
    })
    await using service = await startService({ env: { ...OFF, QUEUE_URL: `amqp://forum:${CANARY}@${host}/forum` } })
    for (const each of [trusting, service]) await becomes(each, 'queue', 'up')

    await renew(CANARY, 'other')
    for (const each of [trusting, service]) await logged(each, /\(QUEUE_URL\): vhost 'forum' not found$/)
    await becomes(service, 'queue', 'down')
    await renew('other', 'forum')
    await logged(service, /\(QUEUE_URL\): RabbitMQ refuses this service: .*ACCESS_REFUSED/)
    await renew(CANARY, 'forum')
    for (const each of [trusting, service]) await becomes(each, 'queue', 'up')
    for (const each of [trusting, service]) await endsWell(each)
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from '../../src/main/config.ts'
import { summarize as describeService } from '../../src/main/startup-summary.ts'
import { PRODUCT } from '../../src/patterns/product.ts'

const linesOf = (variables: Readonly<Record<string, string>>) => describeService(readConfig(variables, false))

describe('what the service says of itself when it is ready', () => {
  it('names where it listens, and what is plugged into each port', () => {
    const [first, ...lines] = linesOf({})

    assert.match(first ?? '', new RegExp(`^${PRODUCT.service} \\d+\\.\\d+\\.\\d+ is ready \\(development\\)$`))
    assert.deepEqual(lines, [
      'REST: http://127.0.0.1:8080/v1, documented at http://127.0.0.1:8080/docs and http://127.0.0.1:8080/redoc',
      'gRPC: 127.0.0.1:9090',
      'health: http://127.0.0.1:5000/health-check and http://127.0.0.1:5000/metrics',
      `store: SQLite, ./data/${PRODUCT.service}.db`,
      'cache: memory (rate limiting only: other processes may change this database)',
      'message queue: memory, for this process alone',
      'identity provider: the development issuer, http://127.0.0.1:8080/issuer',
      'authorization: built in, for owners and super admins',
      'open http://127.0.0.1:8080/ in a browser, or get a token: npm run token -- alice',
    ])
  })

  for (const [what, variables, next] of [
    [
      'another port',
      { HTTP_PORT: '9000' },
      'open http://127.0.0.1:9000/ in a browser, or get a token: HTTP_PORT=9000 npm run token -- alice',
    ],
    [
      'another host',
      { HTTP_HOST: '::' },
      'open http://127.0.0.1:8080/ in a browser, or get a token: HTTP_HOST=:: npm run token -- alice',
    ],
    [
      'a public address',
      { HTTP_PORT: '9000', PUBLIC_URL: 'https://example.org/a' },
      'open https://example.org/a/ in a browser, or get a token: PUBLIC_URL=https://example.org/a npm run token -- alice',
    ],
    ['an issuer', { OIDC_ISSUER: 'https://issuer.example' }, 'open http://127.0.0.1:8080/ in a browser'],
  ] as const) {
    it(`says what to open next, and how to get a token that is good here: ${what}`, () => {
      assert.equal(linesOf(variables).at(-1), next)
    })
  }

  for (const [url, place] of [
    ['file:./config.json', './config.json'],
    ['consul://consul/forum', 'Consul, consul:8500/forum'],
  ] as const) {
    it(`names where settings come from: ${url}`, () => {
      assert.ok(linesOf({ CONFIG_URL: url }).includes(`settings: ${place}`))
    })
  }

  it('says in production where it is, and not what to do', () => {
    const lines = linesOf({ NODE_ENV: 'production', OIDC_ISSUER: 'https://issuer.example' })

    assert.equal(lines.at(-1), 'authorization: built in, for owners and super admins')
  })

  it('names the address under which clients reach it, and the development issuer by it', () => {
    const lines = linesOf({ PUBLIC_URL: 'https://example.org/forum/' })

    assert.ok(lines.includes('public address: https://example.org/forum'))
    assert.ok(lines.includes('identity provider: the development issuer, https://example.org/forum/issuer'))
  })

  for (const [variables, line] of [
    [{ CACHE_URL: 'none:' }, 'cache: none'],
    [{ CACHE_URL: 'memory:', DATABASE_URL: 'memory:' }, 'cache: memory'],
    [{ CACHE_URL: 'redis://cache:6379/1' }, 'cache: Redis, cache:6379/1'],
    [{ CACHE_URL: 'redis://:canary@a:26379,b:26379/1?sentinel=forum' }, 'cache: Redis, a:26379,b:26379/1'],
    [{ QUEUE_URL: 'nats://queue:4222' }, 'message queue: NATS, queue:4222'],
    [{ QUEUE_URL: 'amqps://queue/forum' }, 'message queue: RabbitMQ, queue/forum'],
    [{ QUEUE_URL: 'kafka://forum:canary@a:9092,b?partitions=3' }, 'message queue: Kafka, a:9092,b'],
    [{ AUTHORIZATION_URL: 'openfgas://fga:8080' }, 'authorization: OpenFGA, fga:8080'],
    [{ DATABASE_URL: 'postgres://db:5432/forum' }, 'store: PostgreSQL, db:5432/forum'],
    [{ DATABASE_URL: 'mariadb://forum:canary@db/forum?ssl-mode=required' }, 'store: MariaDB, db/forum'],
    [{ DATABASE_URL: 'mysql://forum:canary@db:3307/forum' }, 'store: MySQL, db:3307/forum'],
  ] as const) {
    it(`says “${line}” for ${Object.values(variables)}`, () => {
      assert.ok(linesOf(variables).includes(line), linesOf(variables).join('\n'))
    })
  }

  it('contains no secret', () => {
    const summary = linesOf({
      DATABASE_URL: 'postgres://somebody:canary@db/forum?password=canary',
      CACHE_URL: 'rediss://somebody:canary@cache/0?password=canary',
      QUEUE_URL: 'tls://canary@queue?token=canary',
      AUTHORIZATION_URL: 'openfga://fga',
      AUTHORIZATION_TOKEN: 'canary',
    }).join('\n')

    assert.match(summary, /db\/forum.*cache.*queue/s)
    assert.doesNotMatch(summary, /canary|somebody/)
  })
})

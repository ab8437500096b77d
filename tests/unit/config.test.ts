import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parseEnv } from 'node:util'
import { isReadCacheEnabled } from '../../src/infrastructures/cache/open-cache.ts'
import type { ConfigurationError } from '../../src/main/config/env.ts'
import { readConfig } from '../../src/main/config.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { NODE_FLAGS } from '../kit/node-flags.ts'

const read = (variables: Readonly<Record<string, string>>) => readConfig(variables, false)

describe('the configuration', () => {
  it('needs nothing: the cache and the queue are in memory, and events are kept for a week', () => {
    const { cache, queue, outboxRetentionMs } = read({})

    assert.deepEqual([cache, queue], [{ kind: 'memory' }, { kind: 'memory' }])
    assert.equal(outboxRetentionMs, 7 * 24 * 60 * 60 * 1000)
  })

  it('begins names on shared servers with that of the product, or with NAME_PREFIX', () => {
    assert.equal(read({}).namePrefix, PRODUCT.namespace)
    assert.equal(read({ NAME_PREFIX: 'forum-2-staging' }).namePrefix, 'forum-2-staging')
  })

  for (const [url, cache] of [
    ['none:', { kind: 'none' }],
    ['memory:', { kind: 'memory' }],
    ['redis://cache', { kind: 'redis', url: 'redis://cache' }],
    ['redis://[::1]:6380/2', { kind: 'redis', url: 'redis://[::1]:6380/2' }],
    ['redis://a:26379,b/1?sentinel=forum', { kind: 'redis', url: 'redis://a:26379,b/1?sentinel=forum' }],
    ['redis://:p%2Css@a:7000,[::1]:7001', { kind: 'redis', url: 'redis://:p%2Css@a:7000,[::1]:7001' }],
    ['rediss://forum:p%23ss%25@cache:6379/', { kind: 'redis', url: 'rediss://forum:p%23ss%25@cache:6379/' }],
  ] as const) {
    it(`takes ${url} for a cache`, () => {
      assert.deepEqual(read({ CACHE_URL: url }).cache, cache)
    })
  }

  for (const [url, kind] of [
    ['nats://queue:4222', 'nats'],
    ['tls://token@queue', 'nats'],
    ['amqp://forum:p%40ss@queue:5672/%2Fforum', 'rabbitmq'],
    ['amqps://queue/forum?frameMax=8192', 'rabbitmq'],
    ['nats://forum:p%40ss@one:4222,two', 'nats'],
    ['nats://one,two,three?replicas=3&creds=/run/forum.creds', 'nats'],
    ['amqp://forum:p%40ss@one:5672,[::1]:5673/%2Fforum', 'rabbitmq'],
    ['kafka://queue:9092', 'kafka'],
    ['kafkas://forum:p%40ss@kafka-1,[::1]:9093/?partitions=12&replicas=3&mechanism=scram-sha-512', 'kafka'],
  ] as const) {
    it(`takes ${url} for a message queue`, () => {
      assert.deepEqual(read({ QUEUE_URL: url }).queue, { kind, url })
    })
  }

  for (const [text, choice] of [
    ['config.json', { kind: 'file', path: 'config.json' }],
    ['file:./config.yaml', { kind: 'file', path: './config.yaml' }],
    ['file:/etc/forum/config.yml', { kind: 'file', path: '/etc/forum/config.yml' }],
    ['file:///etc/forum/config.env', { kind: 'file', path: '/etc/forum/config.env' }],
    ['C:\\forum\\config.json', { kind: 'file', path: 'C:\\forum\\config.json' }],
    ['/etc/forum/.env', { kind: 'file', path: '/etc/forum/.env' }],
    ['consul://consul/forum', { kind: 'consul', url: 'http://consul:8500', prefix: 'forum' }],
    ['consuls://[::1]/a/b%20c/', { kind: 'consul', url: 'https://[::1]:8501', prefix: 'a/b c' }],
    ['consul://127.0.0.1:80/forum', { kind: 'consul', url: 'http://127.0.0.1:80', prefix: 'forum' }],
  ] as const) {
    it(`takes ${text} for where settings are`, () => {
      assert.deepEqual(read({ CONFIG_URL: text }).configuration, { choice, token: null })
    })
  }

  const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
  for (const [text, choice] of [
    ['builtin:', { kind: 'builtin' }],
    ['openfga://fga', { kind: 'openfga', url: 'http://fga', store: null, model: null }],
    [`openfga://fga:8080/?store=${ID}`, { kind: 'openfga', url: 'http://fga:8080', store: ID, model: null }],
    [
      `openfgas://[::1]:8443?model=${ID}&store=${ID}`,
      { kind: 'openfga', url: 'https://[::1]:8443', store: ID, model: ID },
    ],
  ] as const) {
    it(`takes ${text} for what decides about permissions`, () => {
      assert.deepEqual(read({ AUTHORIZATION_URL: text }).authorization, { choice, token: null })
    })
  }

  it('asks no authorization server by default, and has no key for it', () => {
    assert.deepEqual(read({}).authorization, { choice: { kind: 'builtin' }, token: null })
    assert.equal(read({ AUTHORIZATION_TOKEN: 'sesame' }).authorization.token, 'sesame')
  })

  it('keeps idle connections for 75 s, has no public address and trusts no proxy, by default', () => {
    const { keepAliveMs, publicUrl, trustedProxies } = read({}).http

    assert.deepEqual([keepAliveMs, publicUrl, trustedProxies], [75_000, null, []])
    assert.equal(read({ HTTP_KEEP_ALIVE: '2m' }).http.keepAliveMs, 120_000)
  })

  for (const [text, url] of [
    ['https://example.org', 'https://example.org'],
    ['https://Example.org:443/', 'https://example.org'],
    ['http://10.0.0.1:8080/forum/', 'http://10.0.0.1:8080/forum'],
    ['https://example.org/a/b%20c/', 'https://example.org/a/b%20c'],
  ] as const) {
    it(`takes ${text} for a public address`, () => {
      assert.equal(read({ PUBLIC_URL: text }).http.publicUrl, url)
    })
  }

  it('says which of the trusted proxies is none, without repeating it', () => {
    assert.throws(
      () => read({ TRUSTED_PROXIES: '10.0.0.0/8, ::1, proxy.internal' }),
      ({ problems }: ConfigurationError) => /^TRUSTED_PROXIES .*entry 3/.test(problems.join()),
    )
  })

  for (const [text, hours] of [
    ['1h', 1],
    ['60m', 1],
    ['3600s', 1],
    ['36h', 36],
    ['2d', 48],
    ['90d', 2160],
  ] as const) {
    it(`keeps events for ${text}`, () => {
      assert.equal(read({ OUTBOX_RETENTION: text }).outboxRetentionMs, hours * 3_600_000)
    })
  }

  for (const [text, audiences] of [
    ['forum', ['forum']],
    [' forum , https://forum.example ,forum,mobile', ['forum', 'https://forum.example', 'mobile']],
  ] as const) {
    it(`takes “${text}” for the audiences of tokens`, () => {
      assert.deepEqual(read({ OIDC_AUDIENCE: text }).oidc.audiences, audiences)
    })
  }

  it('lets several workers share no memory', () => {
    assert.throws(
      () => read({ WORKERS: '2', DATABASE_URL: 'memory:' }),
      ({ problems }: ConfigurationError) => /^DATABASE_URL .*\nQUEUE_URL /.test(problems.join('\n')),
    )
    assert.equal(read({ WORKERS: '2', DATABASE_URL: 'sqlite:a.db', QUEUE_URL: 'nats://localhost' }).workers, 2)
    assert.ok(read({ WORKERS: 'cores', DATABASE_URL: 'sqlite:a.db', QUEUE_URL: 'nats://localhost' }).workers >= 1)
  })

  it('asks for one audience where none is set', () => {
    assert.deepEqual(read({}).oidc.audiences, [PRODUCT.namespace])
  })

  for (const [store, cache, answer] of [
    ['memory:', 'memory:', true],
    ['sqlite:forum.db', 'memory:', false],
    ['postgres://db/forum', 'memory:', false],
    ['memory:', 'redis://cache', true],
    ['sqlite:forum.db', 'redis://cache', true],
    ['postgres://db/forum', 'redis://cache', true],
    ['memory:', 'none:', false],
    ['postgres://db/forum', 'none:', false],
  ] as const) {
    it(`${answer ? 'caches' : 'does not cache'} rows of ${store} in ${cache}`, () => {
      assert.equal(isReadCacheEnabled(read({ DATABASE_URL: store, CACHE_URL: cache })), answer)
    })
  }
})

describe('the configuration of Keycloak', () => {
  const KEYCLOAK = 'https://id.example.org/realms/'
  const SECRET = 's'.repeat(32)
  const ADMIN = { KEYCLOAK_ADMIN_CLIENT_ID: 'forum-admin', KEYCLOAK_ADMIN_CLIENT_SECRET: 'x' }
  const problemsOf = (variables: Readonly<Record<string, string>>): readonly string[] => {
    try {
      read(variables)
      return []
    } catch (error) {
      return (error as ConfigurationError).problems
    }
  }

  it('is off unless it is set, with the realm of the product', () => {
    assert.deepEqual(read({}).keycloak, {
      ...{ webhookSecret: null, realm: PRODUCT.namespace, adminClient: null, reconcileEveryMs: null },
    })
  })

  it('has the realm of the issuer, unless it names another', () => {
    assert.equal(read({ OIDC_ISSUER: `${KEYCLOAK}my%20forum/` }).keycloak.realm, 'my forum')
    assert.equal(read({ OIDC_ISSUER: `${KEYCLOAK}forum`, KEYCLOAK_REALM: 'people' }).keycloak.realm, 'people')
  })

  it('compares users each hour with the admin client, or as configured', () => {
    assert.equal(read(ADMIN).keycloak.reconcileEveryMs, 3_600_000)
    assert.equal(read({ ...ADMIN, USERS_RECONCILE_EVERY: '5s' }).keycloak.reconcileEveryMs, 5_000)
    assert.equal(read({ ...ADMIN, USERS_RECONCILE_EVERY: 'off' }).keycloak.reconcileEveryMs, null)
    assert.equal(read({ USERS_RECONCILE_EVERY: '5s' }).keycloak.reconcileEveryMs, null)
  })

  for (const [variables, problem] of [
    [{ KEYCLOAK_WEBHOOK_SECRET: 's'.repeat(31) }, /^KEYCLOAK_WEBHOOK_SECRET must have at least 32 bytes$/],
    [{ KEYCLOAK_WEBHOOK_SECRET: '' }, /^KEYCLOAK_WEBHOOK_SECRET is set but empty$/],
    [{ KEYCLOAK_WEBHOOK_SECRET: SECRET, OIDC_ISSUER: 'https://id.example.org' }, /^KEYCLOAK_REALM is required/],
    [{ KEYCLOAK_ADMIN_CLIENT_ID: 'a' }, /^KEYCLOAK_ADMIN_CLIENT_SECRET is required/],
    [{ KEYCLOAK_ADMIN_CLIENT_SECRET: 'a' }, /^KEYCLOAK_ADMIN_CLIENT_ID is required/],
    [{ USERS_RECONCILE_EVERY: '60' }, /^USERS_RECONCILE_EVERY must be a number with a unit/],
    [{ OIDC_ROLES_CLAIM: 'realm_access..roles' }, /^OIDC_ROLES_CLAIM must be/],
    [{ OIDC_USERNAME_CLAIM: 'a b' }, /^OIDC_USERNAME_CLAIM must be/],
    [{ OIDC_DISCOVERY_URL: 'keycloak:8080' }, /^OIDC_DISCOVERY_URL must be a URL/],
    [{ OIDC_DISCOVERY_URL: 'http://a:b@keycloak' }, /^OIDC_DISCOVERY_URL must have no/],
  ] as const) {
    it(`refuses ${Object.keys(variables).join(' and ')}: ${problem.source}`, () => {
      const problems = problemsOf(variables)
      assert.equal(problems.length, 1)
      assert.match(problems[0] ?? '', problem)
    })
  }

  it('refuses the secrets of .env.example in production', () => {
    const production = { NODE_ENV: 'production', OIDC_ISSUER: `${KEYCLOAK}forum` }
    const example = 'example-of-at-least-32-bytes-refused-in-production'

    assert.deepEqual(problemsOf({ ...production, KEYCLOAK_WEBHOOK_SECRET: example }), [
      'KEYCLOAK_WEBHOOK_SECRET must not be an example in production',
    ])
    assert.deepEqual(problemsOf({ ...production, KEYCLOAK_WEBHOOK_SECRET: SECRET }), [])
  })
})

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** The names of all variables that are read. */
const settings = new Set<string>()
readConfig(new Proxy({}, { get: (_none, name) => void settings.add(String(name)) }), false)

describe('the settings', () => {
  it('are those of the table in the README', () => {
    const [, table = ''] = textOf('README.md').split('| variable | default | meaning |')
    const [rows = ''] = table.split('\n\n')
    const names = rows.split('\n').flatMap((row) => row.split('|')[1]?.match(/[A-Z][A-Z_]+/g) ?? [])

    assert.deepEqual(names.sort(), [...settings].sort())
  })
})

describe('.env.example', () => {
  const example = parseEnv(textOf('.env.example').replace(/^#(?=[A-Z_]+=)/gm, '')) as Record<string, string>

  it('has the settings that are read, and those of compose.yaml', () => {
    const composed = textOf('compose.yaml').matchAll(/\$\{([A-Z_]+)/g)
    const others = new Set([...composed].map(([, name = '']) => name)).difference(settings)

    assert.deepEqual(
      Object.keys(example)
        .filter((name) => !others.has(name))
        .sort(),
      [...settings].sort(),
    )
  })

  it('shows values that are accepted', () => {
    assert.doesNotThrow(() => read(example))
  })
})

describe('the flags of `npm start`', () => {
  const program = [...NODE_FLAGS, 'src/main.ts']

  it('are those of the image', () => {
    assert.ok(textOf('Dockerfile').includes(`CMD ${JSON.stringify(['node', ...program]).replaceAll(',', ', ')}`))
  })

  it('are those that a supervisor passes on', () => {
    assert.ok(textOf('docs/operating.md').includes(`scripts/node.js ${program.join(' ')}\n`))
  })
})

/**
 * Group H: settings and the command line; each row runs `node src/main.ts` as a user would. Not here, as nothing of the
 * kind exists yet: H05 (our variables have no prefix of their own), H10 (no failpoints), H12 (no file
 * but .env), H16 (nothing destructive), H19 (no replay). H13 is tests/e2e/outages, H14, H17 and H18 are tests/contracts.
 */
import assert from 'node:assert/strict'
import { mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { parseCommandLine, UsageError } from '../../src/main/command-line.ts'
import type { ConfigurationError } from '../../src/main/config/env.ts'
import { readConfig } from '../../src/main/config.ts'
import { freshDirectory, runCommand, startCommand, until } from '../kit/command.ts'
import { freePorts } from '../kit/service.ts'
import { size } from '../kit/size.ts'

type Env = Readonly<Record<string, string>>
type Row = readonly [id: string, what: string, env: Env, names?: readonly string[]]

const CANARY = 'canary-7f3a'
const PRODUCTION = {
  NODE_ENV: 'production',
  OIDC_ISSUER: 'https://id.example.org/realms/forum',
  DATABASE_URL: 'memory:',
}

const each = (id: string, name: string, values: readonly string[]): readonly Row[] =>
  values.map((value) => [id, `${name}=${value}`, { [name]: value }])

/**
 * Processes are tried with the first value of each setting, in the quick size of each group; what is wrong with the others
 * is found by the same reader.
 */
const isFirst = (row: Row): boolean => wrongSettings.find((other) => listOf(other) === listOf(row)) === row
const listOf = ([id, what]: Row) => (IS_QUICK ? id : what.split('=', 1)[0])
const IS_QUICK = size(0, 0, 1) === 1

const wrongSettings: readonly Row[] = [
  ...each('H01', 'NODE_ENV', ['', ' ', 'prod', 'Production']),
  ...each('H01', 'DATABASE_URL', ['', '  ']),
  ['H01', 'the issuer is missing in production', { NODE_ENV: 'production' }, ['OIDC_ISSUER']],
  ...each('H02', 'HTTP_PORT', ['0x50', '80abc', '-1', '70000', '1e3', '8080.0', '+80', '0']),
  ...each('H02', 'HEALTH_PORT', ['65536', 'five']),
  ...each('H02', 'GRPC_PORT', ['0', '65536', 'on']),
  ['H02', 'the port of gRPC twice', { GRPC_PORT: '5000' }, ['GRPC_PORT', 'HEALTH_PORT']],
  ['H02', 'one port twice', { HTTP_PORT: '9000', HEALTH_PORT: '9000' }, ['HTTP_PORT', 'HEALTH_PORT']],
  ...each('H02', 'HTTP_HOST', ['not a host', 'http://localhost', '127.0.0.1:80', '-forum']),
  ...each('H02', 'DATABASE_POOL_SIZE', ['0', '-1', 'ten', '1e9']),
  ...each('H03', 'SHUTDOWN_TIMEOUT', ['25', '-1s', 'NaN', 'Infinity', '1h', '31s', '5 s']),
  ...each('H03', 'SHUTDOWN_DELAY', ['5', '1d']),
  ...each('H03', 'OUTBOX_RETENTION', ['7', '59m', '91d', '1w', '-1d', '0d', '7 d', 'NaN', '']),
  ...each('H03', 'RATE_LIMIT', ['600', '0/min', '-1/min', '600/fortnight', '1e3/s', 'on', 'NaN/min']),
  ...each('H06', 'KEYCLOAK_WEBHOOK_SECRET', ['short', '', 'x'.repeat(31)]),
  ['H06', 'half an admin client', { KEYCLOAK_ADMIN_CLIENT_ID: 'forum' }, ['KEYCLOAK_ADMIN_CLIENT_SECRET']],
  ...each('H03', 'USERS_RECONCILE_EVERY', ['60', '0s', '31d', 'never', '-1h']),
  ...each('H04', 'OIDC_DISCOVERY_URL', ['keycloak:8080', 'ftp://a/b', 'http://a/b?c']),
  ...each('H04', 'OIDC_ROLES_CLAIM', ['', 'a..b', 'a b']),
  ...each('H04', 'DATABASE_URL', ['mysql://a/', 'forum.db', 'postgres', 'postgres:forum', 'sqlite:', 'http://a/b']),
  ...each('H04', 'DATABASE_URL', [
    'postgres://a:5432b/c',
    'postgres://a/b?sslmode=on',
    'postgres://a/b?sslmod=require',
    `postgres://user:${CANARY}@a:b/c`,
  ]),
  ...each('H04', 'DATABASE_URL', [
    'mysql:forum',
    'mysql://a',
    'mariadb:///b',
    'mariadb://a/b/c',
    'mariadb://a/b?ssl-mode=on',
    'mariadb://a/b?sslmode=required',
    `mysql://user:${CANARY}#1@a/b`,
    `mysql://user:${CANARY}@a:b/c`,
  ]),
  ...each('H04', 'CACHE_URL', [
    'http://a/b',
    'redis',
    'redis:',
    'redis://',
    'redis:///0',
    'redis://a/forum',
    'redis://a,b/1',
    'redis://a,b:x',
    'redis://a?sentinel=',
    'memory',
    '',
  ]),
  ...each('H04', 'CACHE_URL', ['redis://:pa#ss@cache.example.org', 'redis://:pa%ss@cache.example.org', 'redis://a:b']),
  ...each('H04', 'NAME_PREFIX', [
    '',
    'Forum',
    'a.b',
    'a--b',
    '-a',
    'a*',
    'a_b',
    'a-consumers',
    'a-dead-letters',
    'a'.repeat(65),
  ]),
  ...each('H04', 'QUEUE_URL', [
    'kafka:a',
    'kafka://',
    'kafka://a:0',
    'kafka://a:65536',
    'kafka://a/topic',
    'kafka://a,',
    'kafka://a?partitions=0',
    'kafka://a?replicas=x',
    'kafka://forum:1@a?mechanism=gssapi',
    'kafka://a?password=1',
    'nats',
    'nats:',
    'nats://',
    'nats://a?replicas=0',
    'nats://a?creds=',
    'amqp://',
    'none:',
    'mqtt://a',
    'tls:a',
    '',
  ]),
  ...each('H04', 'QUEUE_URL', [
    'amqp://forum:1#2@queue.example.org',
    'amqp://one:5672,two:99999',
    'nats://one:4222,',
    'nats://100%@queue.example.org',
    'nats://a:%ff@queue.example.org',
    'nats://a:b,c:d',
    'kafka://forum:1#2@queue.example.org',
    'kafka://forum:%ff@queue.example.org',
  ]),
  ...each('H04', 'AUTHORIZATION_URL', [
    'builtin',
    'openfga:',
    'openfga://',
    'http://fga:8080',
    `openfga://${CANARY}@fga`,
    'openfga://fga/stores',
    'openfga://fga?store=forum',
    'openfga://fga?store=01ARZ3NDEKTSV4RRFFQ69G5FAV&modell=01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'openfga://fga?store=01ARZ3NDEKTSV4RRFFQ69G5FAV&store=01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'openfga://fga#store',
    'openfga://fga:port',
    '',
  ]),
  ...each('H04', 'AUTHORIZATION_TOKEN', ['', ' ', `${CANARY} 2`, 'sésame']),
  ...each('H04', 'CONFIG_URL', [
    'config',
    'config.toml',
    'file:',
    'file:.',
    'http://a/config.json',
    'etcd://a/forum',
    'consul:',
    'consul://',
    'consul://a',
    'consul://a/',
    'consul://a//',
    'consul://a:port/forum',
    'consul://a/forum?dc=b',
    'consul://a/forum#b',
    'consul://a/%ff',
    `consul://:${CANARY}@a/forum`,
    '',
  ]),
  ...each('H04', 'CONFIG_TOKEN', ['', `${CANARY} 2`]),
  ...each('H04', 'OIDC_ISSUER', ['ftp://id.example.org', 'id.example.org', 'https://a.org/?b=c', 'https://a:b@c.org']),
  ...each('H04', 'PUBLIC_URL', [
    'example.org/forum',
    'ftp://example.org',
    'https://example.org/?a=b',
    'https://example.org/#a',
    'https://a:b@example.org',
    'https://example.org//forum',
    'https://example.org/a"b&c',
    '',
  ]),
  ...each('H04', 'TRUSTED_PROXIES', [
    '10.0.0.0/33',
    'localhost',
    '*',
    '10.0.0.1,,10.0.0.2',
    'true',
    '1',
    '::1/129',
    '',
  ]),
  ...each('H03', 'HTTP_KEEP_ALIVE', ['75', '0s', '-1s', '2h', 'off', '']),
  ...each('H04', 'OIDC_AUDIENCE', [',', 'forum,', ',forum', 'forum,,mobile', ' , ', '']),
  ...each('H04', 'CORS_ORIGINS', ['*', 'forum.example.org', 'https://a.org/', 'https://a.org,*', 'null', ',']),
  ...each('H07', 'OIDC_ALGORITHMS', ['none', 'HS256', 'RS256,HS256', 'rs256', 'RS256,,ES256']),
  [
    'H08',
    'an issuer in production without TLS',
    { ...PRODUCTION, OIDC_ISSUER: 'http://id.example.org' },
    ['OIDC_ISSUER'],
  ],
  ...each('H11', 'LOG_LEVEL', ['verbose', 'INFO']),
  ...each('H11', 'LOG_FORMAT', ['json', '']),
  ...each('H11', 'DATABASE_AUTO_MIGRATE', ['yes', '1', 'True']),
]

const wrongUsages: readonly (readonly string[])[] = [
  ['reconcile', 'alice'],
  ['seed', '--dry-run'],
  ['webhook'],
  ['webhook', 'make'],
  ['webhook', 'create', '--url', 'forum'],
  ['frobnicate'],
  ['serve', 'now'],
  ['--port', '80'],
  ['--help=yes'],
  ['migrate', '--force'],
  ['migrate', 'down'],
  ['seed', '--role', 'super_admin'],
  ['serve', '--check'],
  ['authorization-migrate', 'now'],
  ['authorization-rebuild', 'all'],
  ['token'],
  ['token', ''],
  ['token', 'alice', 'bob'],
  ['token', 'a'.repeat(65)],
  ['token', 'alice', '--role'],
  ['token', 'alice', '--role', 'king'],
]

describe('configuration attacks', () => {
  let place: Awaited<ReturnType<typeof freshDirectory>>
  before(async () => {
    place = await freshDirectory()
  })
  after(() => place[Symbol.asyncDispose]())

  const run = (words: readonly string[], env: Env = {}) => runCommand(words, { directory: place.directory, env })

  describe('settings', { concurrency: 2 }, () => {
    for (const [id, what, env, names = Object.keys(env)] of wrongSettings) {
      it(`${id} ${what} is a problem of its own`, () => {
        assert.throws(
          () => readConfig(env, false),
          ({ problems }: ConfigurationError) =>
            problems.length === 1 && names.every((name) => problems[0]?.includes(name)) && isStalled(problems, env),
        )
      })
    }

    for (const [id, what, env, names = Object.keys(env)] of wrongSettings.filter(isFirst)) {
      it(`${id} ${what}: 78`, async () => {
        const { code, stdout, stderr } = await run([], env)

        assert.deepEqual([code, stdout], [78, ''], stderr)
        for (const name of names) assert.match(stderr, new RegExp(`\\b${name}\\b`))
        assert.doesNotMatch(stderr, /\n +at |Error:/)
      })
    }
  })

  it('H01 reports all problems at once, one line for each, without values', async () => {
    const wrong = [
      'HTTP_PORT',
      'HEALTH_PORT',
      'GRPC_PORT',
      'DATABASE_URL',
      'CACHE_URL',
      'QUEUE_URL',
      'OUTBOX_RETENTION',
      'OIDC_ISSUER',
      'OIDC_ALGORITHMS',
      'CORS_ORIGINS',
      'RATE_LIMIT',
    ]
    const { code, stderr } = await run([], Object.fromEntries(wrong.map((name) => [name, CANARY])))

    assert.equal(code, 78)
    assert.deepEqual(
      wrong.filter((name) => stderr.split('\n').filter((line) => line.includes(name)).length !== 1),
      [],
    )
    assert.doesNotMatch(stderr, new RegExp(CANARY))
  })

  it('H01 says the same whatever the command is', async () => {
    for (const words of [['serve'], ['migrate'], ['seed'], ['token', 'alice']]) {
      assert.equal((await run(words, { HTTP_PORT: CANARY })).code, 78)
    }
  })

  it('H04 the error of an unreachable server contains no password', async () => {
    const [port] = await freePorts(1)
    const { code, stdout, stderr } = await run(['migrate'], {
      DATABASE_URL: `postgres://forum:${CANARY}@127.0.0.1:${port}/forum`,
    })

    assert.equal(code, 1)
    assert.doesNotMatch(stdout + stderr, new RegExp(CANARY))
  })

  describe('production', { concurrency: 2 }, () => {
    for (const words of [['seed'], ['token', 'alice']]) {
      it(`H11 refuses ${words[0]}: 2`, async () => {
        const { code, stdout, stderr } = await run(words, PRODUCTION)

        assert.deepEqual([code, stdout], [2, ''])
        assert.match(stderr, /production/)
      })

      it(`H11 refuses ${words[0]} without an issuer, too: 78`, async () => {
        assert.equal((await run(words, { NODE_ENV: 'production' })).code, 78)
      })
    }
  })

  describe('the file .env', () => {
    it('H12 is read, and gives way to the environment', async () => {
      await using other = await freshDirectory()
      writeFileSync(join(other.directory, '.env'), `HTTP_PORT=${CANARY}\nHEALTH_PORT=wrong`)
      const { code, stderr } = await runCommand(['migrate'], {
        directory: other.directory,
        env: { HEALTH_PORT: '5001' },
      })

      assert.equal(code, 78)
      assert.match(stderr, /HTTP_PORT/)
      assert.doesNotMatch(stderr, /HEALTH_PORT|canary/)
    })

    it('H12 stops the start when it cannot be read', async () => {
      await using other = await freshDirectory()
      mkdirSync(join(other.directory, '.env'))

      assert.equal((await runCommand([], { directory: other.directory })).code, 78)
    })
  })

  describe('usage', { concurrency: 2 }, () => {
    for (const words of wrongUsages) {
      it(`H15 ${words.join(' ').slice(0, 40)} is refused`, () => {
        assert.throws(() => parseCommandLine(words), UsageError)
      })
    }

    for (const words of IS_QUICK ? wrongUsages.slice(0, 4) : wrongUsages) {
      it(`H15 ${words.join(' ').slice(0, 40)}: 2, and how to use it`, async () => {
        const { code, stdout, stderr } = await run(words)

        assert.deepEqual([code, stdout], [2, ''])
        assert.match(stderr, /Usage: .+migrate.+seed.+token <username>/s)
      })
    }
  })

  it('a command that can do its work ends with 0', async () => {
    for (const words of [['migrate'], ['seed'], ['token', 'alice'], ['token', 'zoë', '--role', 'super_admin']]) {
      const { code, stderr } = await run(words, { DATABASE_URL: 'sqlite:h.db' })
      assert.deepEqual([code, stderr], [0, ''], words.join(' '))
    }
  })

  for (const words of [['reconcile'], ['reconcile', '--dry-run'], ['webhook', 'list']]) {
    it(`H06 ${words.join(' ')} without an admin client names all that is missing: 78`, async () => {
      const { code, stdout, stderr } = await run(words, { DATABASE_URL: 'memory:' })

      assert.deepEqual([code, stdout], [78, ''])
      assert.match(stderr, /KEYCLOAK_ADMIN_CLIENT_ID is .+KEYCLOAK_ADMIN_CLIENT_SECRET is .+OIDC_ISSUER/s)
    })
  }

  it('a command that cannot ends with 1, and one sentence that names what it cannot open', async () => {
    const { code, stderr } = await run(['migrate'], { DATABASE_URL: 'sqlite:/proc/forum.db' })

    assert.deepEqual([code, stderr], [1, 'DATABASE_URL sqlite:/proc/forum.db: unable to open database file\n'])
  })

  it('a file that is no database is a wrong setting: 78', async () => {
    writeFileSync(join(place.directory, 'letter.txt'), 'Dear reader, this is not a database. '.repeat(50))
    const { code, stderr } = await run(['migrate'], { DATABASE_URL: 'sqlite:letter.txt' })

    assert.deepEqual([code, stderr], [78, 'DATABASE_URL sqlite:letter.txt: file is not a database\n'])
  })

  for (const format of ['ecs', 'pretty']) {
    it(`H20 goes on when its output is full (${format})`, async () => {
      await serving({ output: openSync('/dev/full', 'w') }, { LOG_FORMAT: format })
    })
  }

  it('H19 goes on when its output is closed', async () => {
    await serving({}, {}, (started) => void started.child.stdout?.destroy())
  })

  async function serving(
    options: Readonly<{ output?: number }>,
    env: Env,
    afterStart: (started: ReturnType<typeof startCommand>) => void = () => {},
  ): Promise<void> {
    const [port, health] = (await freePorts(2)).map(String) as [string, string]
    const settings = { DATABASE_URL: 'memory:', HTTP_PORT: port, HEALTH_PORT: health, ...env }
    await using started = startCommand([], { directory: place.directory, env: settings, ...options })
    afterStart(started)
    await until('ready', () => answers(`http://127.0.0.1:${health}/ready`))

    for (let n = 0; n < 20; n++) assert.ok(!(await answers(`http://127.0.0.1:${port}/v1/posts`)), 'it is 401')
    assert.ok(await answers(`http://127.0.0.1:${health}/live`))
    started.child.kill('SIGTERM')
    assert.equal(await started.ended(), 0)
  }
})

/** A short value may be part of the expected format; no message may contain a longer one. */
const isStalled = (problems: readonly string[], env: Env): boolean =>
  Object.values(env).every((value) => value.length < 12 || !problems.some((problem) => problem.includes(value)))

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    async (answer) => (await answer.text()) !== '' && answer.ok,
    () => false,
  )

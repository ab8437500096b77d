/** Every command of the documentation, run as it stands there; for those that cannot be run here, who does. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { PAGES } from '../architecture/documentation.ts'
import { openCheckout } from '../kit/checkout.ts'
import { INHERITED } from '../kit/inherited.ts'
import { freePorts, startService } from '../kit/service.ts'

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const blocksOf = (text: string): readonly string[] =>
  [...text.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(([, block = '']) => block)

const TOUR = blocksOf(textOf('README.md')).find((block) => block.includes('curl')) ?? ''

/** Lines of blocks, without what is said of them. */
const COMMANDS = PAGES.filter(({ path }) => !path.startsWith('docs/decisions/')).flatMap(({ path, text }) =>
  blocksOf(text)
    .filter((block) => block !== TOUR)
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/(?:^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((command) => ({ path, command })),
)

/** What the suites of a clean machine do: `.ci/run` says so in these words. */
const BY_CI: Readonly<Record<string, string>> = {
  'npm ci': 'npm ci',
  'npm test': "step 'tests' 40 npm test",
  'npm ci && npm test': "step 'tests' 40 npm test",
  'npm test -- --all': "step 'tests' 40 npm test -- --all",
  'npm run check': "step 'checks' 5 npm run check",
  'npm run check && npm test': "step 'checks' 5 npm run check",
  'npm run test:chaos': 'npm run test:chaos',
  'scripts/engines install': 'scripts/engines install',
  'scripts/engines start': 'scripts/engines start',
  'eval "$(scripts/engines env)"': 'eval "$(scripts/engines env)"',
  'scripts/engines destroy': 'scripts/engines destroy',
}

const FILE = `data/${PRODUCT.service}.db`
const HOOK = 'https://forum.example/v1/authentication/webhook/events-synchronization'

/** What other tests do, and by which words. */
const BY_TEST: Readonly<Record<string, readonly [test: string, words: string]>> = {
  'make build start': ['tests/e2e/stack.test.ts', 'is what make does'],
  'npm run db:revision -- pin-posts --auto': ['tests/contracts/revision.test.ts', '--auto'],
  'npm run db:revision -- pin-posts': ['tests/contracts/revision.test.ts', "revision('tidy-up')"],
  'npm run db:revision -- polls --auto': ['tests/contracts/revision.test.ts', '--auto'],
  'AUTHORIZATION_URL=openfga://127.0.0.1:8080 npm run authorization:migrate': [
    'tests/e2e/openfga-setup.test.ts',
    'authorization-migrate',
  ],
  'npm run authorization:rebuild': ['tests/e2e/openfga.test.ts', 'authorization-rebuild'],
  'npm run users:reconcile': ['tests/e2e/keycloak.test.ts', "command('reconcile')"],
  'npm run users:reconcile -- --dry-run': ['tests/e2e/keycloak.test.ts', "'--dry-run'"],
  [`npm run keycloak:webhook -- create --url ${HOOK}`]: ['tests/e2e/keycloak.test.ts', "'webhook', 'create', '--url'"],
  'npm run keycloak:webhook -- list': ['tests/e2e/keycloak-webhook.test.ts', "'webhook', 'list'"],
  [`node scripts/node.js -e "new (require('node:sqlite').DatabaseSync)('${FILE}').exec(\\"vacuum into 'data/backup.db'\\")"`]:
    ['tests/e2e/backups.test.ts', 'BACK_UP_SQLITE'],
  [`rm -f ${FILE}-wal ${FILE}-shm && mv data/backup.db ${FILE}`]: ['tests/e2e/backups.test.ts', 'RESTORE_SQLITE'],
  [`pg_dump --format=custom --file=forum.dump "$DATABASE_URL"`]: ['tests/e2e/backups.test.ts', 'BACK_UP_POSTGRES'],
  [`pg_restore --exit-on-error --single-transaction --no-owner --dbname="$DATABASE_URL" forum.dump`]: [
    'tests/e2e/backups.test.ts',
    'RESTORE_POSTGRES',
  ],
  'grpcurl -plaintext 127.0.0.1:9090 list': ['tests/grpc/reflection.test.ts', "'-plaintext'"],
  'grpcurl -plaintext -H "authorization: Bearer $(npm run --silent token -- alice)" \\': [
    'tests/grpc/reflection.test.ts',
    'authorization',
  ],
  [`-d '{"text":"Hello.","request_id":"4711"}' 127.0.0.1:9090 forum.v1.PostService/CreatePost`]: [
    'tests/grpc/reflection.test.ts',
    "'-d'",
  ],
}

/** What changes the source, or takes hours, or is the suite that this is a part of. */
const NOT_HERE = [
  'npm run format',
  'npm run test:full',
  'npm test -- post',
  "npm test -- --test-name-pattern='refuses a stale version'",
  // Of other programs:
  'fga tuple write --store-id 01K… user:<id> super_admin system:forum',
  `python3 -c 'import uuid; print(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, "https://tenant.eu.auth0.com/"), "auth0|507f1f77"))'`,
]

/** What calls a running service, and what its output contains. The last one runs until it is stopped. */
const BESIDE: Readonly<Record<string, RegExp>> = {
  [`npm run grpc -- forum.v1.PostService/CreatePost '{"text":"Hello."}'`]: /"text": "Hello\."/,
  [`npm run grpc -- forum.v1.PostService/ListPosts '{"page_size":5,"order_by":"updated_at desc","count":true}'`]:
    /"total_?[sS]ize": 1/,
}
const WATCHES = 'npm run grpc -- forum.v1.NotificationService/WatchNotifications --as bob'

/** What ends, and how its output ends. */
const RUN: Readonly<Record<string, RegExp>> = {
  'npm run db:migrate': /the schema of the database is up to date/,
  'npm run db:seed': /the database has the sample data of alice/,
  'npm run outbox:replay -- --since 2026-01-01T00:00:00Z':
    /\d+ events since 2026-01-01T00:00:00\.000Z will be published/,
  'npm run --silent token -- alice': /^[\w-]+\.[\w-]+\.[\w-]+\n$/,
  'npm run --silent token -- ada --role super_admin': /^[\w-]+\.[\w-]+\.[\w-]+\n$/,
}

/** What runs until it is stopped. */
const SERVE = ['npm start', 'npm run dev', 'npm ci && npm start']

/** What the answers of the tour must contain, in this order. */
const ANSWERS = [
  ['"username":"alice"', '"text":"Hello, forum."', 'HTTP/1.1 200 OK', /etag: "1"/i, '"text":"Hello again."'],
  ['"code":"stale-version"', '"text":"Welcome!"', '"total":1', '"code":"forbidden"', '"text":"Hello Alice."'],
  ['{"items":[', 'HTTP/1.1 204 No Content'],
].flat()

function run(command: string, directory: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd: directory,
    env: { ...INHERITED, HOME: directory, ...env },
    encoding: 'utf8',
    timeout: 120_000,
  })
  return { status, stdout, stderr }
}

describe('the commands of the documentation', {
  skip: process.platform === 'win32' && 'they are for a Unix shell',
}, () => {
  it('are all known here', () => {
    const known = [BY_CI, BY_TEST, RUN, BESIDE].flatMap(Object.keys).concat(NOT_HERE, SERVE, WATCHES)

    assert.ok(COMMANDS.length > 20, `${COMMANDS.length} commands`)
    assert.deepEqual(
      COMMANDS.filter(({ command }) => !known.includes(command)),
      [],
    )
  })

  it('are run by a clean machine, or by another test', () => {
    const ci = textOf('.ci/run')

    for (const [command, words] of Object.entries(BY_CI)) assert.ok(ci.includes(words), command)
    for (const [command, [test, words]] of Object.entries(BY_TEST)) assert.ok(textOf(test).includes(words), command)
  })

  it('do what they say, one after the other', async () => {
    await using place = await openCheckout()

    for (const [command, expected] of Object.entries(RUN)) {
      const { status, stdout, stderr } = run(command, place.directory)
      assert.deepEqual([status, stderr], [0, ''], `${command}\n${stderr}`)
      assert.match(stdout, expected, command)
    }
  })

  it('serve, and the tour of README leads where it says', async () => {
    await using place = await openCheckout()
    await using service = await startIn(place.directory, ['npm', 'start'])

    const { status, stdout, stderr } = run(TOUR.replace('http://127.0.0.1:8080', service.url), place.directory)

    assert.deepEqual([status, stderr], [0, ''])
    let rest = stdout
    for (const answer of ANSWERS) {
      const at = typeof answer === 'string' ? rest.indexOf(answer) : rest.search(answer)
      assert.ok(at >= 0, `${answer} is not in:\n${rest}`)
      rest = rest.slice(at + 1)
    }
  })

  it('call a service over gRPC', async () => {
    await using place = await openCheckout()
    await using service = await startIn(place.directory, ['npm', 'start'])
    const [, port = ''] = service.grpcAddress.split(':')

    for (const [command, expected] of Object.entries(BESIDE)) {
      const { status, stdout, stderr } = run(command, place.directory, { GRPC_PORT: port })
      assert.equal(status, 0, `${command}\n${stderr}`)
      assert.match(stdout, expected, command)
    }
  })

  it('serve while one develops', async () => {
    await using place = await openCheckout()
    await using service = await startIn(place.directory, ['npm', 'run', 'dev'])

    assert.equal((await fetch(service.url)).status, 200)
  })
})

/** As somebody does who has the usual ports taken: the others are in `.env`, where all commands find them. */
async function startIn(directory: string, launcher: readonly [string, ...string[]]) {
  const [port, health] = (await freePorts(2)).map(String) as [string, string]
  writeFileSync(join(directory, '.env'), `HTTP_PORT=${port}\nHEALTH_PORT=${health}\n`)
  return startService({ directory, launcher, env: { HTTP_PORT: port, HEALTH_PORT: health } })
}

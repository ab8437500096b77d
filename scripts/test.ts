/**
 * What `npm test` runs: `node --test` over the suites, then which engines were covered and which were not.
 *   node scripts/test.ts [--chaos] [--all] [--full] [--record] [part of a file name…] [flag of node --test…]
 * Flags that take a value are written in one word: --test-name-pattern='refuses'.
 * --all runs the long suites, too, and each in its usual size instead of the quick one; --full in its large one.
 * --record notes in docs/engines.tsv and docs/engines.md which files passed on which server.
 * REQUIRE_ENGINES=sqlite,postgres,chromium turns the absence of one of them into a failure.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { Client } from 'pg'
import {
  amqpUrl,
  chromiumPath,
  collector,
  type Engine,
  isExecutable,
  kafkaUrl,
  keycloakUrl,
  missing,
  natsUrl,
  openFgaUrl,
  postgresUrl,
  redisUrl,
} from '../tests/kit/engines.ts'
import { reportOf } from '../tests/kit/server-versions.ts'
import { isLong } from './test/long-suites.ts'
import { type Ask, parseAsks, parseFiles } from './test/passes.ts'
import { isStartedHere, passesOf, record, unknownServers } from './test/record.ts'

const options = new Set(process.argv.slice(2))
const chaos = options.delete('--chaos')
const full = options.delete('--full')
const all = options.delete('--all') || full
const records = options.delete('--record')
const flags = [...options].filter((option) => option.startsWith('-'))
const filters = [...options].filter((option) => !option.startsWith('-')).map(normalize)

if (records && flags.length > 0) stop(2, '--record takes no flag of node --test: it notes files that ran as a whole.')

const { REQUIRE_ENGINES = '' } = process.env
const required = REQUIRE_ENGINES.split(',').flatMap((name) => name.trim() || [])
const unknown = required.filter((name) => !Object.hasOwn(missing, name))
if (unknown.length > 0) stop(2, `REQUIRE_ENGINES: unknown ${unknown}; known are ${Object.keys(missing)}.`)

const suites = `tests/${chaos ? 'chaos' : '{unit,contracts,simulation,http,grpc,transports,attacks,architecture,e2e,browser}'}/**/*.test.ts`
const matching = globSync(suites).filter((file) => !filters[0] || filters.some((part) => file.includes(part)))
const leftOut = all || filters.length > 0 ? [] : matching.filter(isLong)
const files = matching.filter((file) => !leftOut.includes(file))
if (files.length === 0) stop(2, `No test file matches ${filters.join(' ') || suites}.`)

const absent = required.map((name) => missing[name as Engine])
const problems = [...absent, await postgresTrouble(), ...(await serverTroubles()), chromiumTrouble()].filter(
  (trouble) => trouble !== null,
)
if (problems.length > 0) stop(1, problems.join('\n'))

const notes = mkdtempSync(join(tmpdir(), 'forum-tests-'))
const [seen, passed] = [join(notes, 'engines'), join(notes, 'passed')]
for (const file of [seen, passed]) writeFileSync(file, '')
process.exitCode = runTests()
const asks = parseAsks(readFileSync(seen, 'utf8'))
const passedFiles = parseFiles(readFileSync(passed, 'utf8'))
rmSync(notes, { recursive: true })
const servers = await serversOf(asks)
report(asks, servers)
if (leftOut.length > 0) console.log(`\nleft out: ${leftOut.join(', ')} (npm test -- --all runs them)`)
if (records) record(passesOf(asks, passedFiles, servers, isStartedHere), Object.keys(missing))
else nameUnrecorded([...servers.values()])

/**
 * Chaos kills servers that others use, and measures time: its files run one after the other. In the quick sizes, files
 * wait more than they compute: four more than there are cores run side by side.
 */
function runTests(): number {
  const cores = Math.max(2, availableParallelism())
  const [concurrency, seconds] = chaos ? [1, 900] : all ? [cores, full ? 7_200 : 180] : [cores + 4, 180]
  const pace = [`--test-concurrency=${concurrency}`, `--test-timeout=${seconds}000`]
  const forReporters = { ENGINES_SEEN: seen, TEST_FILES: String(files.length) }
  const env = { ...process.env, ...forReporters, ...(all && { TEST_SIZE: full ? 'full' : 'usual' }) }
  const args = ['--test', ...reporters(), ...pace, ...flags, ...files]
  return spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1
}

/** A run of all files prints the failures only; a run of some files, or of chaos, prints each test. */
function reporters(): readonly string[] {
  if (flags.some((flag) => flag.startsWith('--test-reporter'))) return []
  const isBrief = !chaos && filters.length === 0
  return [
    ...[`--test-reporter=${isBrief ? reporter('brief-reporter') : 'spec'}`, '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${reporter('passed-files')}`, `--test-reporter-destination=${passed}`],
  ]
}

/** What each engine that the tests asked for reports of itself now; its name, if it reports nothing. */
async function serversOf(asks: readonly Ask[]): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(asks.map(({ engine }) => engine as Engine))].filter((engine) => missing[engine] === null)
  const reports = asked.map(
    async (name) => [name, await (records ? reportOf(name) : reportOf(name).catch(() => name))] as const,
  )
  return new Map(await Promise.all(reports))
}

function reporter(name: string): string {
  return new URL(`test/${name}.ts`, import.meta.url).href
}

/** A run of some files names only the engines that these asked for. */
function report(asks: readonly Ask[], servers: ReadonlyMap<string, string>): void {
  const asked = new Set(asks.map(({ engine }) => engine))
  const named = Object.entries(missing).filter(([engine]) => filters.length === 0 || asked.has(engine))
  if (named.length > 0) console.log('\nengines')
  for (const [engine, reason] of named) {
    const server = servers.get(engine)
    const verdict = reason ? `skipped: ${reason}` : server ? `covered: ${server}` : 'not asked for by these tests'
    console.log(`  ${engine.padEnd(12)} ${verdict}`)
  }
}

function nameUnrecorded(reports: readonly string[]): void {
  const unrecorded = unknownServers(reports)
  if (unrecorded.length > 0) console.log(`\ndocs/engines.md does not name ${unrecorded.join(', ')}; --record adds them`)
}

/** Checks each configured server first: without it, the tests would fail one by one without the reason. */
async function postgresTrouble(): Promise<string | null> {
  if (!postgresUrl) return null
  const client = new Client({ connectionString: postgresUrl, connectionTimeoutMillis: 5000 })
  try {
    await client.connect()
    const { rows } = await client.query('show server_version_num')
    await client.end()
    return rows[0].server_version_num >= 150_000 ? null : 'TEST_POSTGRES_URL leads to a PostgreSQL older than 15.'
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    return `TEST_POSTGRES_URL is set, but the server does not answer: ${message || code}`
  }
}

async function serverTroubles(): Promise<readonly (string | null)[]> {
  const urls = {
    TEST_REDIS_URL: redisUrl,
    TEST_NATS_URL: natsUrl,
    TEST_AMQP_URL: amqpUrl,
    TEST_KAFKA_URL: kafkaUrl,
    TEST_KEYCLOAK_URL: keycloakUrl,
    TEST_OPENFGA_URL: openFgaUrl,
    TEST_OTEL_URL: collector?.url ?? null,
  }
  return Promise.all(Object.entries(urls).map(([name, url]) => url && serverTrouble(name, new URL(url))))
}

function serverTrouble(name: string, { hostname, port }: URL): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 5000 })
    const end = (trouble: string | null) => {
      socket.destroy()
      resolve(trouble)
    }
    socket.on('connect', () => end(null))
    for (const event of ['error', 'timeout']) {
      socket.on(event, () =>
        end(`${name} is set, but the server does not answer: start it (scripts/engines), or unset ${name}.`),
      )
    }
  })
}

function chromiumTrouble(): string | null {
  return !chromiumPath || isExecutable(chromiumPath) ? null : 'CHROMIUM_PATH is set, but is not a program.'
}

function stop(code: number, message: string): never {
  console.error(message)
  process.exit(code)
}

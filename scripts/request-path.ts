/**
 * Counts the files and functions of `src` that one PUT of a post enters, by V8's precise coverage, and prints them in the
 * order in which they are first entered: in memory, on SQLite, and on PostgreSQL where TEST_POSTGRES_URL is set.
 *   node scripts/request-path.ts [--list]
 */
import { Session } from 'node:inspector/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { createContainer } from '../src/main/container.ts'
import { DATA_DIRECTORY, developmentIssuerUrl, loadIssuer } from '../src/main/development.ts'
import { createSettings } from '../src/main/settings/settings.ts'
import { freshDirectory } from '../tests/kit/command.ts'
import { postgresUrl } from '../tests/kit/engines.ts'
import { freshDatabase } from '../tests/kit/fresh-database.ts'

type Entered = Readonly<{ scriptId: string; file: string; name: string; start: number; end: number }>
type Put = () => Promise<void>

const SOURCES = new URL('../src/', import.meta.url).href

/** What follows the answer of an earlier request, such as the publishing of its event, is over by then. */
const QUARANTINE_MS = 300

/** Only what each of so many requests enters counts: what happens beside them does not happen beside all. */
const REQUESTS = 5

const { values: options } = parseArgs({ options: { list: { type: 'boolean', default: false } } })

async function report(store: string, url: string): Promise<void> {
  await using service = await startService(url)
  const entered = await inOrder(await enteredBy(service.put), service.put)
  const files = Map.groupBy(entered, ({ file }) => file)
  console.log(`PUT /v1/posts/{id} on ${store}: ${files.size} files, ${entered.length} functions`)
  if (!options.list) return
  for (const [file, functions] of files) console.log(`  ${file}: ${functions.map(({ name }) => name).join(', ')}`)
}

/** A service in this process, and a request that is repeated on it. */
async function startService(url: string) {
  const port = await freePort()
  const variables = { NODE_ENV: 'test', DATABASE_URL: url, HTTP_PORT: String(port), RATE_LIMIT: 'off' }
  const settings = createSettings({ environment: variables, isTerminal: false })
  const { config } = settings
  const container = await createContainer(settings, pino({ level: 'silent' }))
  await container.http.listen({ host: '127.0.0.1', port })

  const { mintDevelopmentToken } = await loadIssuer(config)
  const [issuer, [audience]] = [developmentIssuerUrl(config), config.oidc.audiences]
  const whose = { issuer, audience, dataDirectory: DATA_DIRECTORY, username: 'alice', roles: [], now: new Date() }
  const authorization = `Bearer ${await mintDevelopmentToken(whose)}`
  const call = async (method: string, path: string, headers: Readonly<Record<string, string>> = {}) => {
    const body = JSON.stringify({ text: 'Hello.' })
    const all = { authorization, 'content-type': 'application/json', ...headers }
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: all, body })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return { etag: answer.headers.get('etag') ?? '', post: (await answer.json()) as { id: string } }
  }

  let { post, etag } = await call('POST', '/v1/posts')
  const put = async (): Promise<void> => {
    etag = (await call('PUT', `/v1/posts/${post.id}`, { 'if-match': etag })).etag
  }
  for (let i = 0; i < REQUESTS; i++) await put() // keys are read, statements prepared, connections open
  return { put, [Symbol.asyncDispose]: () => container[Symbol.asyncDispose]() }
}

async function enteredBy(put: Put): Promise<readonly Entered[]> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  const rounds: ReadonlyMap<string, Entered>[] = []
  for (let i = 0; i < REQUESTS; i++) {
    await sleep(QUARANTINE_MS)
    await session.post('Profiler.takePreciseCoverage') // forgets what was counted before
    await put()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const entered = result.filter(({ url }) => url.startsWith(SOURCES)).flatMap(functionsOf)
    rounds.push(new Map(entered.map((one) => [keyOf(one), one])))
  }
  session.disconnect()
  const [first = new Map<string, Entered>(), ...others] = rounds
  return [...first.values()].filter((one) => others.every((round) => round.has(keyOf(one))))
}

type Coverage = Readonly<{
  scriptId: string
  url: string
  functions: readonly Readonly<{
    functionName: string
    ranges: readonly Readonly<{ startOffset: number; endOffset: number; count: number }>[]
  }>[]
}>

const functionsOf = ({ scriptId, url, functions }: Coverage): readonly Entered[] =>
  functions.flatMap(({ functionName, ranges: [range] }) => {
    if (range === undefined || range.count === 0) return []
    const { startOffset: start, endOffset: end } = range
    return [{ scriptId, file: url.slice(SOURCES.length), name: functionName || '(anonymous)', start, end }]
  })

const keyOf = ({ file, start, end }: Entered): string => `${file}:${start}-${end}`

/** The same in the order of their first entry: a breakpoint in each writes down that it was passed, and never stops. */
async function inOrder(entered: readonly Entered[], put: Put): Promise<readonly Entered[]> {
  const passed: number[] = []
  Object.assign(globalThis, { passed })
  const session = new Session()
  session.connect()
  await session.post('Debugger.enable')
  for (const [index, one] of entered.entries()) await breakIn(session, one, `(passed.push(${index}), false)`)
  await sleep(QUARANTINE_MS)
  passed.length = 0
  await put()
  session.disconnect()
  const order = new Map([...new Set(passed)].map((index, place) => [index, place]))
  const placeOf = (one: Entered): number => order.get(entered.indexOf(one)) ?? entered.length
  return entered.toSorted((one, other) => placeOf(one) - placeOf(other))
}

async function breakIn(session: Session, { scriptId, start, end }: Entered, condition: string): Promise<void> {
  const { scriptSource } = await session.post('Debugger.getScriptSource', { scriptId })
  const [from, to] = [start, end].map((offset) => {
    const before = scriptSource.slice(0, offset).split('\n')
    return { scriptId, lineNumber: before.length - 1, columnNumber: before.at(-1)?.length ?? 0 }
  })
  if (from === undefined || to === undefined) return
  const where = { start: from, end: to, restrictToFunction: true }
  const { locations } = await session.post('Debugger.getPossibleBreakpoints', where)
  const [location] = locations
  if (location !== undefined) await session.post('Debugger.setBreakpoint', { location, condition })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

await report('memory', 'memory:')
{
  await using place = await freshDirectory()
  await report('SQLite', `sqlite:${place.directory}/forum.db`)
}
if (postgresUrl !== null) {
  const { url, drop } = await freshDatabase()
  await report('PostgreSQL', url).finally(drop)
}
process.exit(0)

/**
 * What the layers cost: our service beside hand-written code that does the same work, in one run, round by round.
 *   npm run bench -- [--rounds 5] [--seconds 4]
 * TEST_POSTGRES_URL leads to the server on which a database of its own is made; scripts/engines starts one.
 */
import { parseArgs } from 'node:util'
import { freshDatabase } from '../tests/kit/fresh-database.ts'
import { startTestIssuer } from '../tests/kit/test-issuer.ts'
import { CONTENDERS } from './contenders.ts'
import { drive, type Load, type Measured } from './load.ts'
import { printTable } from './report.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export type Sample = Measured & Readonly<{ cpuMicroseconds: number; megabytes: number }>

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seconds: { type: 'string' } } })
const rounds = Number(values.rounds ?? 5)
const seconds = Number(values.seconds ?? 4)
type Written = { id: string; ownerId: string; text: string; version: number }

const TEXT = 'A post of ordinary length, which says in about a hundred characters what somebody had to say today.'

const database = await freshDatabase()
const issuer = await startTestIssuer()
const token = await issuer.token({ exp: Math.floor(Date.now() / 1000) + 3_600 })
const environment = { DATABASE_URL: database.url, OIDC_ISSUER: issuer.issuer, RATE_LIMIT: 'off', LOG_LEVEL: 'warn' }

const postId = await withServer('src/main.ts', writeOne)
const scenarios: Readonly<Record<string, Load>> = {
  'read a post': { method: 'GET', path: `/v1/posts/${postId}`, token },
  'write a post': { method: 'POST', path: '/v1/posts', token, body: JSON.stringify({ text: TEXT }) },
}
const samples = new Map<string, Sample[]>()

try {
  await compareAnswers()
  for (let round = 0; round <= rounds; round++) await measureAll(round)
  printTable(Object.keys(scenarios), CONTENDERS, samples)
} finally {
  await issuer.stop()
  await database.drop()
}

/** Round 0 warms everything up and does not count. Every other round goes through the contenders backwards. */
async function measureAll(round: number): Promise<void> {
  const order = round % 2 === 0 ? CONTENDERS : CONTENDERS.toReversed()
  for (const { name, entry } of order) {
    await withServer(entry, async (server) => {
      for (const [scenario, load] of Object.entries(scenarios)) {
        const sample = await measure(server, load)
        if (round > 0) samples.set(`${scenario} ${name}`, [...(samples.get(`${scenario} ${name}`) ?? []), sample])
      }
    })
  }
}

async function measure(server: ServerProcess, load: Load): Promise<Sample> {
  await drive(server.url, load, 1)
  const before = server.cpuSeconds()
  const measured = await drive(server.url, load, seconds)
  const cpuMicroseconds = ((server.cpuSeconds() - before) / measured.requests) * 1e6
  return { ...measured, cpuMicroseconds, megabytes: server.peakMegabytes() }
}

/** Whoever answers anything else does other work, and is not measured. */
async function compareAnswers(): Promise<void> {
  const answers = await Promise.all(CONTENDERS.map(({ entry }) => withServer(entry, answersOf)))
  const [expected] = answers
  if (!answers.every((answer) => answer === expected)) throw new Error(`The answers differ:\n${answers.join('\n')}`)
}

async function answersOf(server: ServerProcess): Promise<string> {
  const read = await ask(server, `/v1/posts/${postId}`)
  const written = await ask(server, '/v1/posts', TEXT)
  const { ownerId, text, version } = (await written.json()) as Written
  const post = { ownerId, text, version }
  return JSON.stringify([read.status, read.headers.get('etag'), await read.json(), written.status, post])
}

async function writeOne(server: ServerProcess): Promise<string> {
  const answer = await ask(server, '/v1/posts', TEXT)
  return ((await answer.json()) as Written).id
}

function ask({ url }: ServerProcess, path: string, text?: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return fetch(
    url + path,
    text === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify({ text }) },
  )
}

async function withServer<Result>(entry: string, work: (server: ServerProcess) => Promise<Result>): Promise<Result> {
  const port = 20_000 + 2 * Math.floor(Math.random() * 10_000)
  const server = await startServer(entry, port, environment)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

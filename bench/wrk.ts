import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PREFIX, USERS } from './data.ts'
import { CONNECTIONS, type Measured, type Target } from './load.ts'
import { type Scenario, STRIDE, type Step } from './scenarios.ts'

type Seconds = Readonly<{ firstTurn: number; seconds: number }>

export async function driveByWrk(target: Target, window: Seconds): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'forum-bench-wrk-'))
  const script = join(folder, 'requests.lua')
  try {
    await writeFile(script, luaOf(target, window.firstTurn))
    const flags = ['-t1', `-c${CONNECTIONS}`, `-d${window.seconds}s`, '--timeout=30s', '-s', script]
    const { stdout } = await promisify(execFile)('wrk', [...flags, target.url])
    return JSON.parse(stdout.split('\n').findLast((line) => line.startsWith('{')) ?? '{}')
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The same requests as autocannon makes, in the language of wrk. Its literals are those of JSON. */
const luaOf = ({ scenario, tokens }: Target, firstTurn: number): string => `
local tokens = ${list(tokens.slice(0, USERS).map((token) => JSON.stringify(`Bearer ${token}`)))}
local steps = ${list(scenario.steps.map(stepOf))}
local turn = ${firstTurn} - 1 -- wrk asks once for a request that it does not send

function request()
  local step = steps[turn % #steps + 1]
  local number = ${numberOf(scenario)}
  local id = string.format('${PREFIX.post}%012x', number)
  turn = turn + 1
  step.headers['authorization'] = tokens[number % ${USERS} + 1]
  local path, body = step.path:gsub('{post}', id), step.body and step.body:gsub('{post}', id)
  return wrk.format(step.method, path, step.headers, body)
end

function done(summary, latency)
  local failures = summary.errors
  io.write(string.format('\\n{"perSecond":%f,"p50":%f,"p99":%f,"requests":%d,"failures":%d}\\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.requests, failures.status + failures.connect + failures.read + failures.write + failures.timeout))
end
`

const numberOf = ({ posts: { first, count } }: Scenario): string => `${first} + (turn * ${STRIDE}) % ${count}`

function stepOf({ method, path, headers = {}, body }: Step): string {
  const all = body === undefined ? headers : { 'content-type': 'application/json', ...headers }
  const fields = Object.entries(all).map(([name, value]) => `[${JSON.stringify(name)}] = ${JSON.stringify(value)}`)
  const content = body === undefined ? 'nil' : JSON.stringify(body)
  const request = `method = "${method}", path = ${JSON.stringify(path)}, body = ${content}`
  return `{ ${request}, headers = { ${fields.join(', ')} } }`
}

const list = (items: readonly string[]): string => `{ ${items.join(', ')} }`

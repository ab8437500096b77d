import { grpcClientOf } from '../tests/kit/grpc-client.ts'
import { NODE_FLAGS } from '../tests/kit/node-flags.ts'
import type { Candidate } from './candidates.ts'
import { TEXT } from './data.ts'
import { type Engines, freePort } from './engine.ts'
import { createEnvironment } from './environment.ts'
import { CONNECTIONS, drive } from './load.ts'
import type { Options } from './options.ts'
import { table } from './report/markdown.ts'
import { median } from './report/statistics.ts'
import { postInTurn, type Scenario, scenariosFor } from './scenarios.ts'
import type { ServerProcess } from './server-process.ts'

type Cost = Readonly<{ scenario: string; rest: number; grpc: number }>
type Call = (turn: number) => Promise<unknown>

/** gRPC may cost so many times the CPU of REST. */
const TARGET = 1.5
/** So many connections of HTTP/2 share the callers. */
const CHANNELS = 4
const WARM_UP_SECONDS = 3

/** What no code of ours changes: Fastify and grpc-js in one process, with nothing behind them. */
const ALONE = {
  name: 'transport alone',
  command: [process.execPath, ...NODE_FLAGS, 'bench/candidates/transport-alone/main.ts'],
}

/** The CPU of a request over REST and over gRPC, in one process of ours: they take turns. */
export async function measureTransports(urls: Engines['urls'], candidates: readonly Candidate[], options: Options) {
  const grpcPort = await freePort()
  await using environment = await createEnvironment(urls, options.rows, candidates)
  const [ours] = candidates
  if (ours === undefined) throw new Error('The transports are those of ours.')
  const [read, write] = [scenarioOf('read a post', options.rows), scenarioOf('write a post', options.rows)]

  const measured = (candidate: Candidate, scenarios: readonly Scenario[]): Promise<readonly Cost[]> => {
    const withGrpc = { ...candidate, environment: { ...candidate.environment, GRPC_PORT: String(grpcPort) } }
    const run = { ...options, tokens: environment.tokens, address: `127.0.0.1:${grpcPort}` }
    return environment.withServer(withGrpc, (server) => costsOf(server, scenarios, run))
  }

  await environment.restored(ours)
  const costs = await measured(ours, [read, write])
  const alone = await measured({ ...ours, ...ALONE }, [{ ...read, name: ALONE.name }])
  print([...costs, ...alone])
}

function scenarioOf(name: string, rows: number): Scenario {
  const scenario = scenariosFor(rows).find((one) => one.name === name)
  if (scenario === undefined) throw new Error(`There is no scenario ${name}.`)
  return scenario
}

type Run = Readonly<{ rounds: number; seconds: number; tokens: readonly string[]; address: string }>

async function costsOf(server: ServerProcess, scenarios: readonly Scenario[], run: Run): Promise<readonly Cost[]> {
  const clients = Array.from({ length: CHANNELS }, () => grpcClientOf(run.address))
  const costs: Cost[] = []
  let turn = 0

  for (let round = 0; round <= run.rounds; round++) {
    const seconds = round === 0 ? WARM_UP_SECONDS : run.seconds
    for (const scenario of scenarios) {
      const target = { url: server.url, scenario, tokens: run.tokens }
      turn += 100_000
      const overRest = () => drive(target, { firstTurn: turn, seconds })
      const overGrpc = () => callFor(seconds, callOf(clients, scenario, run.tokens))
      const isEven = round % 2 === 0
      const first = await cpuOf(server, isEven ? overRest : overGrpc)
      const second = await cpuOf(server, isEven ? overGrpc : overRest)
      const [rest, grpc] = isEven ? [first, second] : [second, first]
      if (round > 0) costs.push({ scenario: scenario.name, rest, grpc })
    }
  }
  for (const client of clients) client.close()
  return costs
}

/** In microseconds per request. */
async function cpuOf({ usage }: ServerProcess, work: () => Promise<Readonly<{ requests: number }>>): Promise<number> {
  const before = usage.cpuSeconds()
  const { requests } = await work()
  return ((usage.cpuSeconds() - before) / requests) * 1e6
}

function callOf(
  clients: readonly ReturnType<typeof grpcClientOf>[],
  scenario: Scenario,
  tokens: readonly string[],
): Call {
  const isRead = scenario.steps[0]?.method === 'GET'
  return (turn) => {
    const { id, owner } = postInTurn(scenario, turn)
    const [method, request] = isRead ? ['GetPost', { id }] : ['CreatePost', { text: TEXT }]
    const client = clients[turn % clients.length] as (typeof clients)[number]
    return client.call({ token: tokens[owner] ?? '' }, `forum.v1.PostService/${method}`, request)
  }
}

/** As many callers as REST has connections, each with one call at a time. */
async function callFor(seconds: number, call: Call): Promise<Readonly<{ requests: number }>> {
  const deadline = performance.now() + seconds * 1_000
  let requests = 0
  const caller = async () => {
    while (performance.now() < deadline) await call(requests++)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, caller))
  return { requests }
}

function print(costs: readonly Cost[]): void {
  const lines = [...new Set(costs.map(({ scenario }) => scenario))].map((name) => {
    const own = costs.filter(({ scenario }) => scenario === name)
    const [rest, grpc] = [median(own.map((cost) => cost.rest)), median(own.map((cost) => cost.grpc))]
    const ratio = median(own.map((cost) => cost.grpc / cost.rest))
    const verdict = ratio <= TARGET ? 'met' : '**missed**'
    return [name, rest.toFixed(0), grpc.toFixed(0), ratio.toFixed(2), name === ALONE.name ? '' : verdict]
  })
  const headers = ['operation', 'REST, CPU µs', 'gRPC, CPU µs', '× REST', `≤ ${TARGET}`]
  console.log(`# Transports\n\nMedians of windows that take turns, ${CONNECTIONS} callers.\n\n${table(headers, lines)}`)
}

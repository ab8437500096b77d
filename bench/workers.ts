import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Candidate } from './candidates.ts'
import { databaseProcess } from './database-process.ts'
import type { Engines } from './engine.ts'
import { createEnvironment, type Environment } from './environment.ts'
import { CONNECTIONS, drive } from './load.ts'
import type { Options } from './options.ts'
import { cpuOfAll, familyCpuSeconds, generatorCpuSeconds } from './process-usage.ts'
import { table } from './report/markdown.ts'
import { median } from './report/statistics.ts'
import { repeatable, type Scenario, scenariosFor } from './scenarios.ts'
import type { ServerProcess } from './server-process.ts'

type User = 'service' | 'database' | 'load' | 'others'
type Sample = Readonly<{
  scenario: string
  workers: number
  perSecond: number
  cpuMicroseconds: number
  /** How many cores each used on average. */
  cores: Readonly<Record<User, number>>
}>

/** As many workers as cores serve so many times what one serves. */
const TARGET = 1.7
const CORES = cpus().length
const WORKERS = [1, CORES]
const SCENARIOS = ['read a post', 'write a post']
const WARM_UP_SECONDS = 3
const FIRST_MEASURED_TURN = 250_000
const POLL_MS = 50

/** What a worker for each core gives, and which process used the cores: service, database and load share them. */
export async function measureWorkers(urls: Engines['urls'], candidates: readonly Candidate[], options: Options) {
  await using environment = await createEnvironment(urls, options.rows, candidates)
  const [ours] = candidates
  if (ours === undefined) throw new Error('The workers are those of ours.')
  const database = await databaseProcess(urls['postgres'] ?? '')
  const scenarios = scenariosFor(options.rows)
    .filter(({ name }) => SCENARIOS.includes(name))
    .map(repeatable)

  const samples: Sample[] = []
  for (let round = 0; round <= options.rounds; round++) {
    const seconds = round === 0 ? 1 : options.seconds
    for (const workers of round % 2 === 0 ? WORKERS : WORKERS.toReversed()) {
      await environment.restored(ours)
      const found = await samplesOf(environment, withWorkers(ours, workers), { scenarios, database, seconds })
      if (round > 0) samples.push(...found.map((sample) => ({ ...sample, workers })))
    }
  }
  print(scenarios, samples)
}

const withWorkers = (ours: Candidate, workers: number): Candidate => ({
  ...ours,
  cores: `0-${CORES - 1}`,
  environment: { ...ours.environment, WORKERS: String(workers) },
})

type Work = Readonly<{ scenarios: readonly Scenario[]; database: number; seconds: number }>

function samplesOf(environment: Environment, ours: Candidate, { scenarios, database, seconds }: Work) {
  return environment.withServer(ours, async (server) => {
    while (!(await fetch(`${server.healthUrl}/ready`)).ok) await sleep(POLL_MS)
    const samples: Omit<Sample, 'workers'>[] = []
    for (const scenario of scenarios) {
      const target = { url: server.url, scenario, tokens: environment.tokens }
      await drive(target, { firstTurn: 0, seconds: WARM_UP_SECONDS })
      const [start, before] = [performance.now(), cpuSeconds(server, database)]
      const { perSecond, requests } = await drive(target, { firstTurn: FIRST_MEASURED_TURN, seconds })
      const [elapsed, after] = [(performance.now() - start) / 1000, cpuSeconds(server, database)]
      const used = (user: User): number => after[user] - before[user]
      const cores = Object.fromEntries(USERS.map((user) => [user, used(user) / elapsed])) as Sample['cores']
      samples.push({ scenario: scenario.name, perSecond, cpuMicroseconds: (used('service') / requests) * 1e6, cores })
    }
    return samples
  })
}

const USERS = ['service', 'database', 'load', 'others'] as const

/** What each has used until now. */
function cpuSeconds({ pid }: ServerProcess, databasePid: number): Readonly<Record<User, number>> {
  const [service, database, load] = [familyCpuSeconds(pid), familyCpuSeconds(databasePid), generatorCpuSeconds()]
  return { service, database, load, others: cpuOfAll() - service - database - load }
}

function print(scenarios: readonly Scenario[], samples: readonly Sample[]): void {
  const lines = scenarios.flatMap(({ name }) =>
    WORKERS.map((workers) => {
      const middle = (of: (sample: Sample) => number, count = workers): number =>
        median(samples.filter((one) => one.scenario === name && one.workers === count).map(of))
      const measured = middle((one) => one.perSecond) / middle((one) => one.perSecond, 1)
      const byCpu = (workers * middle((one) => one.cpuMicroseconds, 1)) / middle((one) => one.cpuMicroseconds)
      return [
        `${name}, WORKERS=${workers}`,
        middle((one) => one.perSecond).toFixed(0),
        middle((one) => one.cpuMicroseconds).toFixed(0),
        ...USERS.map((user) => middle(({ cores }) => cores[user]).toFixed(2)),
        measured.toFixed(2),
        byCpu.toFixed(2),
        workers === 1 ? '' : byCpu >= TARGET ? 'met' : '**missed**',
      ]
    }),
  )
  const users = USERS.map((user) => `cores: ${user}`)
  const headers = ['operation', 'requests/s', 'CPU µs', ...users, '× one, measured', '× one, by CPU', `≥ ${TARGET}`]
  console.log(`# Workers

Medians of rounds, ${CONNECTIONS} callers, ${CORES} cores that service, database and load share.
By CPU: as many cores as workers, all for the service, each as dear per request as measured, the supervisor included.

${table(headers, lines)}`)
}

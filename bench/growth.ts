import type { Candidate } from './candidates.ts'
import type { Engines } from './engine.ts'
import { createEnvironment, type Environment } from './environment.ts'
import { measureCandidate } from './measure.ts'
import type { Options } from './options.ts'
import { table } from './report/markdown.ts'
import { median } from './report/statistics.ts'
import { writeBoth } from './report/write.ts'
import { repeatable, scenariosFor } from './scenarios.ts'

type Point = Readonly<{ scenario: string; rows: number; milliseconds: number }>

const SIZES = [10_000, 100_000, 1_000_000]
const FULL = 10_000_000

/** The time per request of each operation of this service while the tables grow, under the same load at each size. */
export async function measureGrowth(urls: Engines['urls'], candidates: readonly Candidate[], options: Options) {
  const sizes = options.full ? [...SIZES, FULL] : SIZES
  const ours = candidates.filter(({ name }) => name === 'ours')
  await using open = new AsyncDisposableStack()
  const environments: Environment[] = []
  for (const rows of sizes) {
    console.log(`loading ${rows} posts`)
    environments.push(open.use(await createEnvironment(urls, rows, ours)))
  }

  const points: Point[] = []
  for (let round = 0; round <= options.rounds; round++) {
    for (const environment of round % 2 === 0 ? environments : environments.toReversed()) {
      console.log(`round ${round} of ${options.rounds}: ${environment.rows} posts`)
      const found = await pointsOf(environment, ours, round === 0 ? 1 : options.seconds, options.scenarios)
      if (round > 0) points.push(...found)
    }
  }
  writeGrowth(sizes, points)
}

async function pointsOf(
  environment: Environment,
  [ours]: readonly Candidate[],
  seconds: number,
  wanted: readonly string[] | null,
): Promise<readonly Point[]> {
  if (ours === undefined) throw new Error('The growth bench needs this service, which is missing.')
  const isWanted = (name: string) => wanted === null || wanted.some((part) => name.includes(part))
  const scenarios = scenariosFor(environment.rows)
    .filter(({ name }) => isWanted(name))
    .map(repeatable)
  const { samples } = await measureCandidate(ours, environment, scenarios, seconds)
  return samples.map(({ scenario, perSecond }) => ({
    scenario,
    rows: environment.rows,
    milliseconds: 1000 / perSecond,
  }))
}

function writeGrowth(sizes: readonly number[], points: readonly Point[]): void {
  const date = new Date().toISOString().slice(0, 10)
  const scenarios = [...new Set(points.map(({ scenario }) => scenario))]
  const costOf = (scenario: string, rows: number) =>
    median(points.filter((point) => point.scenario === scenario && point.rows === rows).map((one) => one.milliseconds))

  const lines = scenarios.map((scenario) => {
    const costs = sizes.map((rows) => costOf(scenario, rows))
    const growth = (costs.at(-1) ?? Number.NaN) / (costs[0] ?? Number.NaN)
    return [scenario, ...costs.map((cost) => (cost * 1000).toFixed(0)), growth.toFixed(2)]
  })
  const headers = ['operation', ...sizes.map((rows) => `${rows.toLocaleString('en')} rows`), 'last / first']
  const about = `${date}. Microseconds per request of this service under load: the inverse of its throughput.`
  const text = `# Growth\n\n${about}\n\n${table(headers, lines)}\n`
  writeBoth(`${date}-growth`, 'md', text)
  writeBoth(`${date}-growth`, 'json', `${JSON.stringify({ date, sizes, points }, null, 1)}\n`)
  console.log(text)
}

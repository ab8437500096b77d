/**
 * What the layers cost, and what other stacks cost: all of them side by side, in one run. See docs/performance.md.
 *   npm run bench -- [growth|transports|workers|relay] [--rounds 5] [--seconds 3] [--only limit,bare] [--scenarios read,write] [--full]
 * --all measures this service on every store and over every queue, too.
 * Private engines are started by scripts/engines, unless TEST_POSTGRES_URL and its like lead to some.
 */
import { enginesOf } from './candidates.ts'
import { compareAll } from './compare.ts'
import { type Engines, startEngines } from './engine.ts'
import { createEnvironment } from './environment.ts'
import { measureGrowth } from './growth.ts'
import { measureCandidate } from './measure.ts'
import { type Options, readOptions } from './options.ts'
import { leaveTheCore } from './pinning.ts'
import { readyCandidates } from './ready.ts'
import { measureRelay } from './relay.ts'
import { type Results, writeResults } from './report/write.ts'
import { scenariosFor } from './scenarios.ts'
import { measureTransports } from './transports.ts'
import { measureWorkers } from './workers.ts'

const options = readOptions(process.argv.slice(2))
const candidates = readyCandidates(wantedOf(options), options.all)
const engine = await startEngines(candidates.flatMap(enginesOf))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stopAtOnce)
try {
  // Workers take all cores, so the load shares theirs.
  if (options.command !== 'workers') leaveTheCore()
  if (options.command === 'growth') await measureGrowth(engine.urls, candidates, options)
  else if (options.command === 'transports') await measureTransports(engine.urls, candidates, options)
  else if (options.command === 'workers') await measureWorkers(engine.urls, candidates, options)
  else if (options.command === 'relay') await measureRelay(engine.urls, candidates, options)
  else await measureAll(engine.urls, options)
} finally {
  engine.stop()
}

/** The names of the candidates, if any were chosen. */
function wantedOf({ command, only }: Options): readonly string[] | null {
  if (command === 'relay') return only ?? ['ours + NATS', 'ours + RabbitMQ', 'ours + Kafka']
  return command === null ? only : ['ours']
}

function stopAtOnce(): never {
  engine.stop()
  process.exit(1)
}

async function measureAll(urls: Engines['urls'], { rows, rounds, seconds, compareOnly, ...rest }: Options) {
  console.log(`loading ${rows} posts`)
  await using environment = await createEnvironment(urls, rows, candidates)
  await compareAll(candidates, environment)
  if (compareOnly) return

  const isWanted = (name: string) => rest.scenarios === null || rest.scenarios.some((part) => name.includes(part))
  const scenarios = scenariosFor(rows).filter(({ name }) => isWanted(name))
  const measurements: Results['measurements'][number][] = []

  // Round 0 warms everything up and does not count. Every other round goes through the candidates backwards.
  for (let round = 0; round <= rounds; round++) {
    for (const candidate of round % 2 === 0 ? candidates : candidates.toReversed()) {
      console.log(`round ${round} of ${rounds}: ${candidate.name}`)
      const measurement = await measureCandidate(candidate, environment, scenarios, round === 0 ? 1 : seconds)
      if (round > 0) measurements.push({ round, ...measurement })
    }
  }
  await writeResults({ engine: environment.engine, others: environment.others, rows, rounds, seconds, measurements })
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Candidate } from './candidates.ts'
import type { Environment } from './environment.ts'
import { drive, type Measured } from './load.ts'
import type { Scenario } from './scenarios.ts'
import type { ServerProcess } from './server-process.ts'

export type Sample = Measured &
  Readonly<{ candidate: string; scenario: string; cpuMicroseconds: number; peakMegabytes: number }>
export type Start = Readonly<{ candidate: string; readyMilliseconds: number; idleMegabytes: number }>
export type Measurement = Readonly<{ start: Start; samples: readonly Sample[] }>

const SETTLE_MS = 1_000
const WARM_UP_SECONDS = 1
/** After the start nothing is compiled yet: a warm-up before the first scenario compiles what all have in common. */
const FIRST_WARM_UP_SECONDS = 4

/** Far enough from the first request of the warm-up that no post is requested twice. */
const FIRST_MEASURED_TURN = 250_000

/** Measures one candidate once: its start, then all scenarios, on restored data. */
export async function measureCandidate(
  candidate: Candidate,
  environment: Environment,
  scenarios: readonly Scenario[],
  seconds: number,
): Promise<Measurement> {
  await environment.restored(candidate)
  await sleep(SETTLE_MS)
  return environment.withServer(candidate, async (server) => {
    await sleep(SETTLE_MS)
    const { readyMilliseconds, usage } = server
    const start = { candidate: candidate.name, readyMilliseconds, idleMegabytes: usage.megabytes() }
    const samples: Sample[] = []
    for (const scenario of scenarios) {
      const warmUp = samples.length === 0 ? FIRST_WARM_UP_SECONDS : WARM_UP_SECONDS
      const measured = await measure(server, scenario, environment.tokens, { warmUp, measured: seconds })
      samples.push({ candidate: candidate.name, scenario: scenario.name, ...measured })
    }
    return { start, samples }
  })
}

async function measure(
  { url, usage }: ServerProcess,
  scenario: Scenario,
  tokens: readonly string[],
  seconds: Readonly<{ warmUp: number; measured: number }>,
): Promise<Omit<Sample, 'candidate' | 'scenario'>> {
  const { requests } = scenario
  const [warmUp, window] =
    requests === undefined
      ? [
          { firstTurn: 0, seconds: seconds.warmUp },
          { firstTurn: FIRST_MEASURED_TURN, seconds: seconds.measured },
        ]
      : [
          { firstTurn: 0, requests: requests.warmUp },
          { firstTurn: requests.warmUp, requests: requests.measured },
        ]
  await drive({ url, scenario, tokens }, warmUp)

  usage.forgetPeak()
  const before = usage.cpuSeconds()
  const measured = await drive({ url, scenario, tokens }, window)
  const cpuMicroseconds = ((usage.cpuSeconds() - before) / measured.requests) * 1e6
  return { ...measured, cpuMicroseconds, peakMegabytes: usage.peakMegabytes() }
}

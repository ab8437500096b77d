import type { Candidate } from './candidates.ts'
import type { Environment } from './environment.ts'
import { exchangesFor } from './exchanges.ts'
import { type Outcome, transcriptOf } from './transcript.ts'

/** A candidate that answers or stores something else does other work: the run fails before it measures anything. */
export async function compareAll(candidates: readonly Candidate[], environment: Environment): Promise<void> {
  const ours = candidates.find(({ name }) => name === 'ours')
  if (ours === undefined) throw new Error('The comparison needs this service, which is missing.')
  const expected = await outcomesOf(ours, environment)

  const problems: string[] = []
  for (const candidate of candidates) {
    if (candidate === ours) continue
    const found = differences(expected, await outcomesOf(candidate, environment))
    console.log(`compared ${candidate.name}: ${found.length === 0 ? 'the same' : `${found.length} differences`}`)
    problems.push(...found.map((difference) => `${candidate.name}, ${difference}`))
  }
  if (problems.length > 0) throw new Error(`The candidates do not do the same:\n\n${problems.join('\n\n')}`)
}

async function outcomesOf(candidate: Candidate, environment: Environment): Promise<readonly Outcome[]> {
  const database = await environment.restored(candidate)
  return environment.withServer(candidate, ({ url }) =>
    transcriptOf(exchangesFor(environment.rows), { url, tokens: environment.tokens, database }),
  )
}

const MAX_LENGTH = 1_500

const differences = (expected: readonly Outcome[], found: readonly Outcome[]): readonly string[] =>
  expected.flatMap(({ says, outcome }, index) => {
    const other = found[index]?.outcome ?? 'nothing'
    if (outcome === other) return []
    return [`${says}:\n  ours   ${outcome.slice(0, MAX_LENGTH)}\n  theirs ${other.slice(0, MAX_LENGTH)}`]
  })

import type { Contender } from './contenders.ts'
import { exchangesFor } from './exchanges.ts'
import type { Stage } from './stage.ts'
import { type Outcome, transcriptOf } from './transcript.ts'

/** Whoever answers or keeps anything else does other work, and fails the run before anything is measured. */
export async function compareAll(contenders: readonly Contender[], stage: Stage): Promise<void> {
  const ours = contenders.find(({ name }) => name === 'ours')
  if (ours === undefined) throw new Error('Nobody can be compared without ours.')
  const expected = await outcomesOf(ours, stage)

  const problems: string[] = []
  for (const contender of contenders) {
    if (contender === ours) continue
    const found = differences(expected, await outcomesOf(contender, stage))
    console.log(`compared ${contender.name}: ${found.length === 0 ? 'the same' : `${found.length} differences`}`)
    problems.push(...found.map((difference) => `${contender.name}, ${difference}`))
  }
  if (problems.length > 0) throw new Error(`The contenders do not do the same:\n\n${problems.join('\n\n')}`)
}

async function outcomesOf(contender: Contender, stage: Stage): Promise<readonly Outcome[]> {
  const database = await stage.restored(contender)
  return stage.withServer(contender, ({ url }) =>
    transcriptOf(exchangesFor(stage.rows), { url, tokens: stage.tokens, database }),
  )
}

const LONGEST = 1_500

const differences = (expected: readonly Outcome[], found: readonly Outcome[]): readonly string[] =>
  expected.flatMap(({ says, outcome }, index) => {
    const other = found[index]?.outcome ?? 'nothing'
    if (outcome === other) return []
    return [`${says}:\n  ours   ${outcome.slice(0, LONGEST)}\n  theirs ${other.slice(0, LONGEST)}`]
  })

import { execFileSync } from 'node:child_process'
import { CANDIDATES, type Candidate, enginesOf } from './candidates.ts'
import { isAvailable } from './engine.ts'
import { wrongUsage } from './options.ts'

/**
 * Builds the candidates of these names, else those that need no server but PostgreSQL, or all. A candidate without its toolchain or
 * its server is skipped with a notice.
 */
export function readyCandidates(names: readonly string[] | null, all: boolean): readonly Candidate[] {
  const unknown = names?.filter((name) => !CANDIDATES.some((candidate) => candidate.name === name)) ?? []
  if (unknown.length > 0) wrongUsage(`There is no candidate ${unknown}; there are ${CANDIDATES.map(nameOf)}.`)

  const isChosen = (candidate: Candidate): boolean => all || enginesOf(candidate).every((name) => name === 'postgres')
  const chosen = CANDIDATES.filter((one) => one.name === 'ours' || (names?.includes(one.name) ?? isChosen(one)))
  return chosen.filter((candidate) => {
    const missing = [
      ...candidate.needs.filter((program) => !isInstalled(program)),
      ...enginesOf(candidate).filter((engine) => !isAvailable(engine)),
    ]
    if (missing.length > 0) console.warn(`SKIPPED ${candidate.name}: ${missing} is not on this machine`)
    else prepare(candidate)
    return missing.length === 0
  })
}

function prepare({ name, prepare: work }: Candidate): void {
  if (work === undefined) return
  console.log(`preparing ${name}`)
  work()
}

export function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const nameOf = ({ name }: Candidate): string => name

import { execFileSync } from 'node:child_process'
import { CANDIDATES, type Candidate } from './candidates.ts'
import { wrongUsage } from './options.ts'

/** Builds the candidates of these names, or all. A candidate without its toolchain is skipped with a notice. */
export function readyCandidates(names: readonly string[] | null): readonly Candidate[] {
  const unknown = names?.filter((name) => !CANDIDATES.some((candidate) => candidate.name === name)) ?? []
  if (unknown.length > 0) wrongUsage(`There is no candidate ${unknown}; there are ${CANDIDATES.map(nameOf)}.`)

  const isChosen = ({ name, queue }: Candidate): boolean => names?.includes(name) ?? queue === undefined
  const chosen = CANDIDATES.filter((candidate) => isChosen(candidate) || candidate.name === 'ours')
  return chosen.filter((candidate) => {
    const missing = candidate.needs.filter((program) => !isInstalled(program))
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

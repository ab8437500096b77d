import { execFileSync } from 'node:child_process'
import { CONTENDERS, type Contender } from './contenders.ts'
import { wrongUsage } from './options.ts'

/** The contenders of these names, or all, made ready. One whose toolchain is missing is left out, aloud. */
export function readyContenders(names: readonly string[] | null): readonly Contender[] {
  const unknown = names?.filter((name) => !CONTENDERS.some((contender) => contender.name === name)) ?? []
  if (unknown.length > 0) wrongUsage(`There is no contender ${unknown}; there are ${CONTENDERS.map(nameOf)}.`)

  const chosen = CONTENDERS.filter(({ name }) => names === null || names.includes(name) || name === 'ours')
  return chosen.filter((contender) => {
    const missing = contender.needs.filter((program) => !isInstalled(program))
    if (missing.length > 0) console.warn(`SKIPPED ${contender.name}: ${missing} is not on this machine`)
    else prepare(contender)
    return missing.length === 0
  })
}

function prepare({ name, prepare: work }: Contender): void {
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

const nameOf = ({ name }: Contender): string => name

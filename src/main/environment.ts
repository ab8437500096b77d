import { readFileSync } from 'node:fs'
import { parseEnvFile } from './env-file.ts'
import { BadSetting, type Reader } from './settings.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** Everything that is wrong with the settings, at once: each line names its variable, never its value. */
export class BadConfiguration extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/** The variables of the process on top of those in the file `.env`, if there is one. */
export function readEnvironment(variables: Variables, file: string): Variables {
  const bytes = readIfThere(file)
  if (bytes === null) return variables
  try {
    return { ...parseEnvFile(bytes), ...variables }
  } catch (error) {
    throw new BadConfiguration([`${file} ${(error as Error).message}`])
  }
}

function readIfThere(file: string): Uint8Array | null {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new BadConfiguration([`${file} cannot be read`])
  }
}

/** Reads variables one by one and remembers what is wrong with them. */
export function openSettings(variables: Variables) {
  const problems: string[] = []

  return {
    problems,

    /** The value of a variable; `unset` where it is missing or wrong. A variable that is set must say something. */
    read<Value, Unset>(name: string, reader: Reader<Value>, unset: Unset): Value | Unset {
      const text = variables[name]
      if (text === undefined) return unset
      try {
        if (text.trim() === '') throw new BadSetting('is set but empty')
        return reader(text.trim())
      } catch (error) {
        if (!(error instanceof BadSetting)) throw error
        problems.push(`${name} ${error.message}`)
        return unset
      }
    },

    /** Notes what is wrong with several variables together. */
    reject(problem: string): void {
      problems.push(problem)
    },
  }
}

import { readFileSync } from 'node:fs'
import { parseEnvFile } from '../../infrastructures/configuration/file/env-file.ts'
import { InvalidSetting, type Parser } from './parsers.ts'

export type Variables = Readonly<Record<string, string | undefined>>

/** Everything that is wrong with the settings, at once: each line names its variable, never its value. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/** The variables of the process as they are now, on top of those in the file `.env`, if there is one. */
export function readEnvironment(variables: Variables, file: string): Variables {
  const bytes = readIfThere(file)
  if (bytes === null) return { ...variables }
  try {
    return { ...parseEnvFile(bytes), ...variables }
  } catch (error) {
    throw new ConfigurationError([`${file} ${(error as Error).message}`])
  }
}

function readIfThere(file: string): Uint8Array | null {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new ConfigurationError([`${file} cannot be read`])
  }
}

export type ReadSetting = ReturnType<typeof createSettingsReader>['read']

/** Reads variables one by one and collects their problems. */
export function createSettingsReader(variables: Variables) {
  const problems: string[] = []

  return {
    problems,

    /** The value of a variable; `unset` where it is missing or wrong. A variable that is set must not be empty. */
    read<Value, Unset>(name: string, parse: Parser<Value>, unset: Unset): Value | Unset {
      const text = variables[name]
      if (text === undefined) return unset
      try {
        if (text.trim() === '') throw new InvalidSetting('is set but empty')
        return parse(text.trim())
      } catch (error) {
        if (!(error instanceof InvalidSetting)) throw error
        problems.push(`${name} ${error.message}`)
        return unset
      }
    },

    /** Records a problem of several variables together. */
    reject(problem: string): void {
      problems.push(problem)
    },
  }
}

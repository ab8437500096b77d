import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'

/** The statements that lead from the last snapshot to the models, and those that build the models from nothing. */
export type Generated = Readonly<{ next: readonly string[]; whole: readonly string[] }>

export type Generations = Readonly<Record<DialectName, Generated | Readonly<{ error: string }>>>

const GENERATE = fileURLToPath(new URL('generate.ts', import.meta.url))

/** What drizzle-kit would generate for each dialect now, or why it cannot. Writes nothing. */
export async function generations(): Promise<Generations> {
  const { stdout } = await promisify(execFile)(process.execPath, [GENERATE], { maxBuffer: 16 * 1024 * 1024 })
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1))
}

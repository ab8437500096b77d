import { codeRules } from './code-rules.ts'
import { importRules } from './import-rules.ts'
import { nameRules } from './name-rules.ts'
import { retiredWords } from './retired-words.ts'
import type { SourceFile } from './source-file.ts'

/** What a rule has against a file, one sentence each. No rule has exceptions. */
export type Rule = (file: SourceFile) => readonly string[]

export const RULES = { ...nameRules, ...retiredWords, ...importRules, ...codeRules } satisfies Record<string, Rule>
export type RuleName = keyof typeof RULES

/** Each violation as `rule: path complaint`. */
export function violationsIn(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) =>
    Object.entries(RULES).flatMap(([name, rule]) =>
      rule(file).map((complaint) => `${name}: ${file.path} ${complaint}`),
    ),
  )
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Migration, readMigrations } from '../../src/infrastructures/store/migrations.ts'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'
import { openBuilder, type Schema } from './builder.ts'
import { complaintOf, DIALECTS, folderOf, mended } from './draft.ts'
import { type Generated, type Generations, generations } from './generated.ts'
import { mongodbProblems } from './mongodb.ts'

const BREAKPOINT = '--> statement-breakpoint\n'

/** What is wrong with the migrations. Writes nothing to the tree. */
export async function migrationProblems(): Promise<readonly string[]> {
  const generated = await generations()
  const problems = await Promise.all(DIALECTS.map((dialect) => problemsOf(dialect, generated[dialect])))
  return [...problems.flat(), ...mongodbProblems()]
}

async function problemsOf(dialect: DialectName, generated: Generations[DialectName]): Promise<readonly string[]> {
  const checks =
    'error' in generated
      ? [async () => complaintOf(dialect, generated.error)]
      : [async () => snapshotProblem(dialect, generated), () => schemaProblem(dialect, generated)]
  const all = [() => journalProblem(dialect), ...checks]
  const problems = await Promise.all(all.map((check) => check().catch((error: Error) => error.message)))
  return problems.filter((problem) => problem !== null).map((problem) => `${dialect}: ${problem}`)
}

async function journalProblem(dialect: DialectName): Promise<string | null> {
  const { entries } = JSON.parse(readFileSync(join(folderOf(dialect), 'meta', '_journal.json'), 'utf8'))
  const journal = entries.map(({ tag }: { tag: string }) => tag).join(', ')
  const files = readMigrations(dialect)
    .map(({ name }) => name)
    .join(', ')
  return journal === files ? null : `meta/_journal.json lists ${journal}, but the files are ${files}.`
}

/** Whether drizzle-kit would generate anything: it compares the models with its snapshots, not with the files. */
function snapshotProblem(dialect: DialectName, { next }: Generated): string | null {
  return next.length === 0
    ? null
    : `the models have changed since the last migration:\n${mended(dialect, next.join(BREAKPOINT))}`
}

/** Whether the files, which hands may have changed, apply to an empty database and build what the models say; where there is one. */
async function schemaProblem(dialect: DialectName, { whole }: Generated): Promise<string | null> {
  if (whole.length === 0) return 'there are no models.'
  const fromModels = [Migration.of('models', mended(dialect, whole.join(BREAKPOINT)))]
  await using builder = await openBuilder[dialect]()
  if (builder === null) return null
  const models = await builder.build(fromModels)
  const migrations = await builder.build(readMigrations(dialect))
  const lines = [...onlyIn('models', models, migrations), ...onlyIn('migrations', migrations, models)]
  return lines.length === 0 ? null : `models and migrations build different schemas:\n${lines.join('\n')}`
}

const onlyIn = (what: string, one: Schema, other: Schema): readonly string[] =>
  [...one.difference(other)].map((line) => `  only in the ${what}: ${line}`)

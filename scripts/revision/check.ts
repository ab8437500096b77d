import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Migration, readMigrations } from '../../src/infrastructures/store/migrations.ts'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'
import { openBuilder, type Schema } from './builder.ts'
import { draft, folderOf } from './draft.ts'

const CHECKS = [journalProblem, snapshotProblem, schemaProblem]

/** What is wrong with the migrations of a dialect. Writes nothing to the tree. */
export async function problemsOf(dialect: DialectName): Promise<readonly string[]> {
  const problems = await Promise.all(CHECKS.map((check) => check(dialect).catch((error: Error) => error.message)))
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
async function snapshotProblem(dialect: DialectName): Promise<string | null> {
  using next = draft(dialect, { name: 'check', from: 'migrations', kind: 'difference', mayAsk: false })
  return next.added === null
    ? null
    : `the models have changed since the last migration:\n${sqlOf(next.folder, next.added)}`
}

/** Whether the files, which hands may have changed, apply to an empty database and build what the models say; where there is one. */
async function schemaProblem(dialect: DialectName): Promise<string | null> {
  using whole = draft(dialect, { name: 'models', from: 'nothing', kind: 'difference', mayAsk: false })
  if (whole.added === null) return 'there are no models.'
  const fromModels = [Migration.of('models', sqlOf(whole.folder, whole.added))]
  await using builder = await openBuilder[dialect]()
  if (builder === null) return null
  const models = await builder.build(fromModels)
  const migrations = await builder.build(readMigrations(dialect))
  const lines = [...onlyIn('models', models, migrations), ...onlyIn('migrations', migrations, models)]
  return lines.length === 0 ? null : `models and migrations build different schemas:\n${lines.join('\n')}`
}

const onlyIn = (what: string, one: Schema, other: Schema): readonly string[] =>
  [...one.difference(other)].map((line) => `  only in the ${what}: ${line}`)

const sqlOf = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8')

// Prints what drizzle-kit would generate now, for each dialect. A process of its own without a terminal, where drizzle-kit
// fails instead of asking what was renamed.

import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'
import { DIALECTS, folderOf } from './draft.ts'
import type { Generated } from './generated.ts'
import { modelsOf } from './models.ts'

/** By `require`, as `drizzle.ts`. */
const kit = createRequire(import.meta.url)('drizzle-kit/api') as typeof import('drizzle-kit/api')

type Snapshot = Readonly<{ id: string }>
type Kit = Readonly<{
  snapshotOf(models: object): Snapshot | Promise<Snapshot>
  between(before: Snapshot, after: Snapshot): Promise<readonly string[]>
}>

const KITS = {
  mariadb: { snapshotOf: kit.generateMySQLDrizzleJson, between: kit.generateMySQLMigration },
  postgres: { snapshotOf: kit.generateDrizzleJson, between: kit.generateMigration },
  sqlite: { snapshotOf: kit.generateSQLiteDrizzleJson, between: kit.generateSQLiteMigration },
} as unknown as Readonly<Record<DialectName, Kit>>

async function generated(dialect: DialectName): Promise<Generated> {
  const { snapshotOf, between } = KITS[dialect]
  const nothing = await snapshotOf({})
  const models = await snapshotOf(inOrder(modelsOf(dialect)))
  return { next: await between(lastSnapshot(dialect) ?? nothing, models), whole: await between(nothing, models) }
}

/** As the names of a module are ordered: the tables are created in this order. */
const inOrder = (models: object): object =>
  Object.fromEntries(Object.entries(models).toSorted(([one], [other]) => (one < other ? -1 : 1)))

function lastSnapshot(dialect: DialectName): Snapshot | null {
  const meta = join(folderOf(dialect), 'meta')
  const last = readdirSync(meta)
    .filter((file) => file.endsWith('_snapshot.json'))
    .sort()
    .at(-1)
  return last === undefined ? null : JSON.parse(readFileSync(join(meta, last), 'utf8'))
}

const all = DIALECTS.map(async (dialect) => {
  const outcome = await generated(dialect).catch(({ message }: Error) => ({ error: message }))
  return [dialect, outcome] as const
})
console.log(JSON.stringify(Object.fromEntries(await Promise.all(all))))

import { createHash } from 'node:crypto'
import type { Migration } from '../migrations.ts'
import { SchemaMismatch } from '../store-errors.ts'
import type { Dialect, Value } from './dialect.ts'

/** One connection without autocommit; DDL commits before and after itself. */
export type SteppedDatabase = Readonly<{
  dialect: Pick<Dialect, 'now'>
  send(text: string, values?: readonly Value[]): Promise<unknown>
  /** Whether a step fails because it was applied before. */
  isDone(error: unknown): boolean
}>

type Progress = Readonly<{ checksum: string; begun: number; done: number }>

/** The columns of `schema_migrations` that count the begun and done steps; without its last step a migration is not applied. */
export const PROGRESS = 'begun integer not null, done integer not null'

/** Continues after the applied steps, provided that their texts have not changed. */
export async function resume(database: SteppedDatabase, { name, sql, checksum }: Migration): Promise<void> {
  const { send, dialect } = database
  const steps = sql.match(STEP)?.filter((step) => !NOTHING.test(step)) ?? []
  const [known] = (await send(`select checksum, begun, done from schema_migrations where name = ?`, [
    name,
  ])) as Progress[]
  const { begun, done, ...taken } = known ?? { begun: 0, done: 0, checksum: digestOf([]) }
  if (taken.checksum !== digestOf(steps.slice(0, done))) throw changed(name, done)
  if (known === undefined) await send('insert into schema_migrations values (?, ?, null, 0, 0)', [name, taken.checksum])

  for (let step = done; step < steps.length; step++) {
    await take(database, name, steps.slice(0, step + 1), step < begun).catch((cause) => {
      const place = `step ${step + 1} of ${steps.length}, what came before is kept`
      throw new Error(`Migration ${name} failed at ${place}: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      })
    })
  }
  const applied = `update schema_migrations set checksum = ?, applied_at = ${dialect.now} where name = ?`
  await send(applied, [checksum, name])
  await send('commit')
}

/**
 * Applies the last of these steps and records it. A step that changes rows is in one transaction with its record. DDL commits
 * the statements before it, is atomic, and may have been applied by a process that was killed before it recorded it:
 * \`mayBeDone\`.
 */
async function take(
  { send, isDone }: SteppedDatabase,
  name: string,
  steps: readonly string[],
  mayBeDone: boolean,
): Promise<void> {
  const begin = (count: number) => send('update schema_migrations set begun = ? where name = ?', [count, name])
  try {
    await begin(steps.length)
    await send(steps.at(-1) ?? '').catch((error) => {
      if (!mayBeDone || !isDone(error)) throw error
    })
    const done = 'update schema_migrations set done = ?, checksum = ? where name = ?'
    await send(done, [steps.length, digestOf(steps), name])
    await send('commit')
  } catch (error) {
    await send('rollback').catch(() => {}) // a broken connection leaves the step begun
    await begin(steps.length - 1).catch(() => {})
    await send('commit').catch(() => {})
    throw error
  }
}

/** Up to a semicolon that is in no text, name or remark. */
const STEP = /(?:'(?:[^'\\]|\\.|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|[^;'"`])+/g
const NOTHING = /^(?:\s|--[^\n]*(?:\n|$))*$/

const digestOf = (steps: readonly string[]): string => createHash('sha256').update(steps.join(';')).digest('hex')

const changed = (name: string, done: number): SchemaMismatch =>
  new SchemaMismatch(
    `Migration ${name} was changed in one of the ${done} steps that the database had already taken.`,
    'Restore these steps in its file, and mend those that follow.',
  )

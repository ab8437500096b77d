import type { Command } from '../sql/statement.ts'
import { TransientConflict } from '../store-errors.ts'
import type { SqliteConnection } from './connection.ts'
import { meaningOf, translateSqliteError } from './errors.ts'

/** Commands that are committed together, or not at all. */
type Unit = readonly Command[]
type Waiting = Readonly<{ unit: Unit; settle: (outcome: Outcome) => void }>
/** How many rows the last command changed, or why the unit failed. */
type Outcome = Readonly<{ changed: number } | { error: unknown }>

/**
 * Executes the units that wait as one transaction: they share one commit, and so one sync to the disk ("group commit"). No
 * caller gets its result before that, and a unit that fails does not affect the others.
 */
export function createGroupCommit(connection: SqliteConnection) {
  let waiting: Waiting[] = []

  function flush(): void {
    const group = waiting
    waiting = []
    const outcomes = outcomesOf(group.map(({ unit }) => unit))
    for (const [index, { settle }] of group.entries()) settle(outcomes[index] as Outcome)
  }

  function outcomesOf(units: readonly Unit[]): readonly Outcome[] {
    try {
      return commitTogether(connection, units)
    } catch (cause) {
      if (connection.database.isTransaction) connection.run('rollback', [])
      const error = translateSqliteError(cause)
      return units.map(() => ({ error }))
    }
  }

  /** How many rows its last command changed, once that is on the disk. @throws why it failed, or the commit */
  return (unit: Unit): Promise<number> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush)
      const settle = (outcome: Outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.changed))
      waiting.push({ unit, settle })
    })
}

/**
 * A savepoint keeps a copy of each page that its unit changes. At first only the units that may be refused halfway have one: the
 * others are refused by their first command, which leaves nothing behind. If one leaves changes all the same, all are
 * executed again, each with a savepoint.
 */
const commitTogether = (connection: SqliteConnection, units: readonly Unit[]): readonly Outcome[] =>
  commitWith(mayFailHalfway, connection, units) ?? (commitWith(() => true, connection, units) as readonly Outcome[])

const mayFailHalfway = (unit: Unit): boolean =>
  unit.some(({ onGuardFailed }, index) => index > 0 && onGuardFailed !== null)

/** Null if a unit without a savepoint failed and left changes: then nothing is committed. */
function commitWith(
  needsSavepoint: (unit: Unit) => boolean,
  connection: SqliteConnection,
  units: readonly Unit[],
): readonly Outcome[] | null {
  const outcomes: Outcome[] = []
  connection.run('begin immediate', [])
  for (const unit of units) {
    const outcome = attempt(connection, unit, needsSavepoint(unit))
    if (outcome === null) {
      connection.run('rollback', [])
      return null
    }
    outcomes.push(outcome)
  }
  connection.run('commit', [])
  return outcomes
}

/** Null if it failed and left changes. */
function attempt(connection: SqliteConnection, unit: Unit, hasSavepoint: boolean): Outcome | null {
  const { run, database } = connection
  let [changed, hasChanged] = [0, false]
  if (hasSavepoint) run('savepoint unit', [])
  try {
    for (const command of unit) {
      changed = execute(connection, command)
      hasChanged ||= changed > 0
    }
    if (hasSavepoint) run('release unit', [])
    return { changed }
  } catch (cause) {
    const error = translateSqliteError(cause)
    if (error instanceof TransientConflict || !database.isTransaction) throw cause // it affects all units
    if (!hasSavepoint) return hasChanged ? null : { error }
    run('rollback to unit', [])
    run('release unit', [])
    return { error }
  }
}

/** How many rows it changed. @throws what its failure means to its unit */
function execute({ run }: SqliteConnection, command: Command): number {
  let changed = 0
  try {
    changed = run(command.text, command.values)
  } catch (error) {
    throw meaningOf(error, command)
  }
  if (changed === 0 && command.onGuardFailed !== null) throw new command.onGuardFailed()
  return changed
}

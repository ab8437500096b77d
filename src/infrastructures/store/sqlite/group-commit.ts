import type { Command } from '../sql/statement.ts'
import { TransientConflict } from '../store-errors.ts'
import type { SqliteConnection } from './connection.ts'
import { meaningOf, translateSqliteError } from './errors.ts'

/** Commands that are committed together, or not at all. */
type Unit = readonly Command[]
type Waiting = Readonly<{ unit: Unit; settle: (outcome: Outcome) => void }>
/** How many rows the last command changed, or why the unit failed, and whether changes of it are left. */
type Outcome = Readonly<{ changed: number }> | Readonly<{ error: unknown; leavesChanges: boolean }>

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
      return units.map(() => ({ error, leavesChanges: false }))
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

/** If a failed unit leaves changes, the transaction is rolled back, and the others are executed again. */
function commitTogether(connection: SqliteConnection, units: readonly Unit[]): readonly Outcome[] {
  const failed = new Map<Unit, Outcome>()
  for (;;) {
    connection.run('begin immediate', [])
    const outcomes = executeAll(connection, units, failed)
    connection.run(outcomes === null ? 'rollback' : 'commit', [])
    if (outcomes !== null) return outcomes
  }
}

/** Null if a unit leaves changes: it is among the failed ones from then on. */
function executeAll(
  connection: SqliteConnection,
  units: readonly Unit[],
  failed: Map<Unit, Outcome>,
): readonly Outcome[] | null {
  const outcomes: Outcome[] = []
  for (const unit of units) {
    const known = failed.get(unit)
    const outcome = known ?? attempt(connection, unit)
    if (known === undefined && 'error' in outcome && outcome.leavesChanges) {
      failed.set(unit, outcome)
      return null
    }
    outcomes.push(outcome)
  }
  return outcomes
}

/**
 * A savepoint keeps a copy of each page that its unit changes. Only a unit that may be refused halfway has one: the others are
 * refused by their first command, which leaves nothing behind.
 */
function attempt(connection: SqliteConnection, unit: Unit): Outcome {
  const { run, database } = connection
  const mayFailHalfway = unit.some(({ onGuardFailed }, index) => index > 0 && onGuardFailed !== null)
  let [changed, hasChanged] = [0, false]
  if (mayFailHalfway) run('savepoint unit', [])
  try {
    for (const command of unit) {
      changed = execute(connection, command)
      hasChanged ||= changed > 0
    }
    if (mayFailHalfway) run('release unit', [])
    return { changed }
  } catch (cause) {
    const error = translateSqliteError(cause)
    if (error instanceof TransientConflict || !database.isTransaction) throw cause // it affects all units
    if (!mayFailHalfway) return { error, leavesChanges: hasChanged }
    run('rollback to unit', [])
    run('release unit', [])
    return { error, leavesChanges: false }
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

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
export function createGroupCommit(connection: SqliteConnection, afterCommit: () => void) {
  let waiting: Waiting[] = []

  function flush(): void {
    const group = waiting
    waiting = []
    const outcomes = outcomesOf(group.map(({ unit }) => unit))
    for (const [index, { settle }] of group.entries()) settle(outcomes[index] as Outcome)
    afterCommit()
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

/** A unit without a savepoint failed after its first change. */
class FailedHalfway extends Error {
  readonly unit: Unit

  constructor(unit: Unit, cause: unknown) {
    super('A unit failed halfway.', { cause })
    this.unit = unit
  }
}

/**
 * A savepoint keeps a copy of each page that its unit changes. At first only the units that may be refused halfway have one: the
 * others are refused by their first command, which leaves nothing behind. If one fails halfway all the same, the others are
 * executed again, each with a savepoint.
 */
function commitTogether(connection: SqliteConnection, units: readonly Unit[]): readonly Outcome[] {
  try {
    return commitAll(connection, units, mayFailHalfway, null)
  } catch (failure) {
    if (!(failure instanceof FailedHalfway)) throw failure
    connection.run('rollback', [])
    return commitAll(connection, units, () => true, failure)
  }
}

const mayFailHalfway = (unit: Unit): boolean =>
  unit.some(({ onGuardFailed }, index) => index > 0 && onGuardFailed !== null)

function commitAll(
  connection: SqliteConnection,
  units: readonly Unit[],
  needsSavepoint: (unit: Unit) => boolean,
  failed: FailedHalfway | null,
): readonly Outcome[] {
  connection.run('begin immediate', [])
  const outcomes = units.map((unit) =>
    unit === failed?.unit ? { error: failed.cause } : attempt(connection, unit, needsSavepoint(unit)),
  )
  connection.run('commit', [])
  return outcomes
}

/** @throws {FailedHalfway}, and what affects all units */
function attempt(connection: SqliteConnection, unit: Unit, hasSavepoint: boolean): Outcome {
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
    if (error instanceof TransientConflict || !database.isTransaction) throw cause
    if (!hasSavepoint && hasChanged) throw new FailedHalfway(unit, error)
    if (!hasSavepoint) return { error }
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

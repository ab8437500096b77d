import { TransientConflict } from '../store-errors.ts'
import type { SqliteConnection } from './connection.ts'
import { translateSqliteError } from './errors.ts'

/** Statements that are committed together, or not at all. */
type Unit<Result> = () => Result
type Waiting = Readonly<{ run: Unit<unknown>; settle: (outcome: Outcome) => void }>
type Outcome = Readonly<{ result: unknown } | { error: unknown }>

/**
 * Runs the units that wait as one transaction, each in a savepoint of its own: they share one commit, and so one sync to
 * the disk ("group commit"). No caller gets its result before that, and a unit that fails does not affect the others.
 */
export function createGroupCommit(connection: SqliteConnection) {
  let waiting: Waiting[] = []

  function flush(): void {
    const units = waiting
    waiting = []
    const outcomes: Outcome[] = []
    try {
      connection.run('begin immediate', [])
      for (const { run } of units) outcomes.push(attempt(run))
      connection.run('commit', [])
    } catch (cause) {
      rollBack(connection)
      const error = translateSqliteError(cause)
      for (const { settle } of units) settle({ error })
      return
    }
    for (const [index, { settle }] of units.entries()) settle(outcomes[index] as Outcome)
  }

  function attempt(run: Unit<unknown>): Outcome {
    connection.run('savepoint unit', [])
    try {
      const result = run()
      connection.run('release unit', [])
      return { result }
    } catch (error) {
      const translated = translateSqliteError(error)
      if (translated instanceof TransientConflict || !connection.database.isTransaction) throw error // it affects all units
      connection.run('rollback to unit', [])
      connection.run('release unit', [])
      return { error: translated }
    }
  }

  /** The unit's result once it is on the disk. @throws what it throws, or why the commit failed */
  return <Result>(run: Unit<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush)
      const settle = (outcome: Outcome) =>
        'error' in outcome ? reject(outcome.error) : resolve(outcome.result as Result)
      waiting.push({ run, settle })
    })
}

function rollBack({ database, run }: SqliteConnection): void {
  if (database.isTransaction) run('rollback', [])
}

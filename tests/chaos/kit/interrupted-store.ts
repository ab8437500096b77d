import type { Store } from '../../../src/domains/ports/store.ts'
import { uuidV7 } from '../../../src/infrastructures/identifiers/uuid-v7.ts'
import { FORUM } from '../../../src/infrastructures/store/aggregates/forum.ts'
import type { StoreDriver } from '../../../src/infrastructures/store/driver.ts'
import { openStore, type StoreChoice } from '../../../src/infrastructures/store/open-store.ts'
import { sqlDriver } from '../../../src/infrastructures/store/sql/sql-driver.ts'
import { connectSqlite, type SqliteConnection } from '../../../src/infrastructures/store/sqlite/connection.ts'
import { sqliteDialect } from '../../../src/infrastructures/store/sqlite/dialect.ts'
import { sqliteDatabase } from '../../../src/infrastructures/store/sqlite/sqlite-database.ts'
import { createStore } from '../../kit/forum-store.ts'

/**
 * `before` the commit is asked for, `within` it, `after` the engine has committed but not yet answered, and when it
 * `returned` but before the answer. Within and after a commit to PostgreSQL or MongoDB a proxy interrupts, not the store.
 */
export const MOMENTS = ['before', 'within', 'after', 'returned'] as const
export type Moment = (typeof MOMENTS)[number]

/** A store that is interrupted at a moment of its first commit. */
export async function openInterruptedStore(
  choice: StoreChoice,
  moment: Moment,
  interrupt: () => void,
): Promise<{ store: Store; close: () => Promise<void> }> {
  const driver =
    choice.kind === 'sqlite'
      ? sqliteOn(interruptedConnection(connectSqlite(choice.file, uuidV7), moment, interrupt))
      : await openStore(choice, { aggregates: FORUM.aggregates, migrates: false, poolSize: 2, onIdleError: () => {} })
  return { store: createStore(interruptedDriver(driver, moment, interrupt)), close: () => driver.close() }
}

const sqliteOn = (connection: SqliteConnection): StoreDriver =>
  sqlDriver(sqliteDialect, sqliteDatabase(connection), FORUM.aggregates)

const interruptedDriver = (driver: StoreDriver, moment: Moment, interrupt: () => void): StoreDriver => ({
  ...driver,
  async commit(changes) {
    if (moment === 'before') interrupt()
    await driver.commit(changes)
    if (moment === 'returned') interrupt()
  },
})

/**
 * Within a transaction means: after its first change. What is written later, such as at the close, is left alone, and so are
 * transactions that only read.
 */
function interruptedConnection(connection: SqliteConnection, moment: Moment, interrupt: () => void): SqliteConnection {
  let statements = 0
  let [isWriting, isInterrupted] = [false, false]

  function interruptOnce(): void {
    if (isInterrupted) return
    isInterrupted = true
    interrupt()
  }

  return {
    ...connection,
    run(text, values) {
      if (text.startsWith('begin')) isWriting = text === 'begin immediate'
      statements = /^(?:begin|savepoint)/.test(text) ? 0 : statements + 1
      if (moment === 'within' && isWriting && statements === 2) interruptOnce()
      const changes = connection.run(text, values)
      if (moment === 'after' && isWriting && text === 'commit') interruptOnce()
      return changes
    },
  }
}

import type { StoreDriver } from '../driver.ts'
import type { Value } from './dialect.ts'
import type { Command } from './statement.ts'

/** Executes single statements, each a transaction by itself. */
export type Queries = Readonly<{
  /** Returns the rows. */
  query(text: string, values: readonly Value[]): Promise<readonly unknown[]>
  /** Returns the number of changed rows. */
  execute(text: string, values: readonly Value[]): Promise<number>
}>

/** What an engine must implement for the SQL store. */
export interface SqlDatabase extends Queries, Pick<StoreDriver, 'poolUsage' | 'ping' | 'close'> {
  /** For statements that may wait for locks: they never delay reads. */
  readonly blocking: Queries

  /** For background work, in the order of its calls: it never delays requests. */
  readonly background: Queries

  /**
   * Executes all commands as one transaction, in one round trip where the engine can do so.
   *
   * @throws the error of the first refused command, and what {@link StoreDriver.commit} throws
   */
  commit(commands: readonly Command[]): Promise<void>
}

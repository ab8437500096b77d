import type { PoolUsage } from '../driver.ts'
import type { Value } from './dialect.ts'
import type { Command } from './statement.ts'

/** Executes single statements, each a transaction by itself. */
export type Queries = Readonly<{
  /** The rows that it gives. */
  query(text: string, values: readonly Value[]): Promise<readonly unknown[]>
  /** How many rows it changed. */
  execute(text: string, values: readonly Value[]): Promise<number>
}>

/** What the SQL store needs of an engine. */
export interface SqlDatabase extends Queries {
  /** For a statement that may have to wait for others: it holds up no caller who only reads. */
  readonly blocking: Queries

  /** For work that no caller waits for, and that must not hold up any who does: in the order in which it is sent. */
  readonly background: Queries

  /**
   * Executes all commands as one transaction, in one round trip where the engine can do so.
   *
   * @throws what the first command that was refused says, and what {@link StoreDriver.commit} throws
   */
  commit(commands: readonly Command[]): Promise<void>

  /** Missing where there are no connections. */
  readonly poolUsage?: () => PoolUsage

  /** Returns when the engine answers. @throws {DependencyUnavailable} */
  ping(): Promise<void>

  close(): Promise<void>
}

/** A statement of a fixed text, prepared once per session under its name (see `named`); unnamed ones are planned each time. */
export type Statement = Readonly<{ name?: string; text: string }>

/** Only values that cannot fail to be sent: whatever is richer was turned into text before. */
export type Value = string | number | boolean | null

/** A statement of a commit, and what it means when its own guard or a foreign key refuses it. */
export type Command = Readonly<{
  statement: Statement
  values: readonly Value[]
  refused: () => Error
  orphaned: () => Error
  /** What it means that the same is there already; a conflict, unless it says otherwise. */
  repeated?: () => Error
}>

/** Executes one statement, outside any transaction, and gives its rows. */
export type Queries = Readonly<{
  query(statement: Statement, values: readonly Value[]): Promise<readonly unknown[]>
}>

/** What the PostgreSQL store needs of a connection, or of many. */
export interface Database extends Queries {
  /** For a statement that may have to wait for others: on the connections of commits, so that it holds up nobody who reads. */
  readonly patient: Queries

  /** For work that nobody waits for, and that must not hold up anybody who does: a connection of its own. */
  readonly background: Queries

  /** Executes all commands as one transaction in one round trip; throws what the first refused one means. */
  commit(commands: readonly Command[]): Promise<void>

  /** Call when a session turns out to be read-only: others may be, and new ones need not be. */
  seenReadOnly(): void

  close(): Promise<void>
}

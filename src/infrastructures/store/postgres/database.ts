/** A statement of a fixed text, prepared once per connection under its name; unnamed ones are planned each time. */
export type Statement = Readonly<{ name?: string; text: string }>

/** Only values that cannot fail to be sent: whatever is richer was turned into text before. */
export type Value = string | number | boolean | null

/** A statement of a commit, and what it means when its own guard or a foreign key refuses it. */
export type Command = Readonly<{
  statement: Statement
  values: readonly Value[]
  refused: () => Error
  orphaned: () => Error
}>

/** What the PostgreSQL store needs of a connection, or of many. */
export interface Database {
  /** Reads rows, outside any transaction. */
  query(statement: Statement, values: readonly Value[]): Promise<readonly unknown[]>

  /** Executes all commands as one transaction in one round trip; throws what the first refused one means. */
  commit(commands: readonly Command[]): Promise<void>

  close(): Promise<void>
}

import type { ColumnType } from '../aggregate.ts'

/** Only values that cannot fail to be sent: whatever is richer was encoded before. Bytes and lists are for engines that take them. */
export type Value = string | number | boolean | null | Uint8Array | readonly Uint8Array[]

/** What a parameter may be besides the value of a column. */
export type ParameterType = ColumnType | 'milliseconds' | 'list'

/** A parameter of the text at hand: a field of what the statement is executed for, or what is read from that. */
export type Bind<Input> = (what: (keyof Input & string) | ((input: Input) => unknown), type: ParameterType) => string

/** A piece of SQL with its parameters. */
export type Sql<Input> = (bind: Bind<Input>) => string

/** Conditions, one of which must hold. */
export type ReasonsOf<Input> = (bind: Bind<Input>) => readonly string[]

/** A row by its columns, and when one that is there is free: told how a column of that one is written, and of the row to insert. */
export type Upsert = Readonly<{
  table: string
  key: readonly string[]
  row: Readonly<Record<string, string>>
  /** A column in which no two rows to insert have the same. */
  token: string
  isFree: (known: ColumnWriter, next: ColumnWriter) => string
}>
type ColumnWriter = (column: string) => string

/** The engines that the migrations are written for. */
export type DialectName = 'mariadb' | 'postgres' | 'sqlite'

/** What engines write differently. All other SQL is in this folder, once. */
export interface Dialect {
  readonly name: DialectName

  /** The nth parameter, as a value of that type. */
  parameter(position: number, type: ParameterType): string

  /** Whether the engine knows parameters by their numbers, or by their place alone: then they are written `?1`, `?2` … here. */
  readonly numbersParameters: boolean

  /** A value of an entity as one that the driver takes. */
  encode(type: ParameterType, value: unknown): Value

  /** The other way round, for the types that the driver does not read by itself. */
  readonly decode: Readonly<Partial<Record<ColumnType, (value: never) => unknown>>>

  /** A new random id. */
  readonly newId: string

  /** The clock of the database, a time before all others, and one that is so many milliseconds later or, if negative, earlier. */
  readonly now: string
  readonly past: string
  later(time: string, milliseconds: string): string

  /** The later one of two times. */
  latest(one: string, other: string): string

  /** A JSON object; times become RFC 3339 in UTC with milliseconds. */
  jsonObject(fields: readonly (readonly [name: string, type: ColumnType, expression: string])[]): string

  /** A column of JSON as the text that it holds. */
  jsonText(column: string): string

  /** Whether the columns, of which the first ones weigh most, are before or after these values, such that an index on them is used. */
  beyond(columns: readonly string[], side: '<' | '>', values: readonly string[]): string

  /** Whether a column has the id of a row to which one of the reasons applies, such that an index on the column is used. */
  within(column: string, table: string, reasons: readonly string[]): string

  /** Whether a column has one of many ids, which are bound as one list. */
  anyOf(column: string, list: string): string

  /** Whether reads of single rows that are asked for at once are sent as one. */
  readonly batchesReads: boolean

  /** Deletes the first rows that match in that order, at most `limit`, but none that another transaction has locked. */
  deleteSome(table: string, key: readonly string[], condition: string, order: string, limit: number): string

  /** Inserts a row, or puts it in the place of the one that has its key, if that is free. Changes a row then, else none. */
  upsert(upsert: Upsert): string

  /** Ends a select whose rows must stay as they are until the transaction ends. */
  readonly forShare: string

  /** Locks the rows to which one of the reasons applies, in one order for all; null where a transaction that writes is alone. */
  lock(table: string, reasons: readonly string[]): string | null

  /** Deletes the rows to which one of the reasons applies. */
  deletion(table: string, reasons: readonly string[]): string

  /** The change, such that the engine refuses it if it touches no row; as it is, where the caller counts the rows. */
  guarded(change: string): string

  /** The same for a change and its event: one statement, or two. `event` is told what the id of the changed row is. */
  guardedWithEvent<Input>(change: Sql<Input>, event: (subject: string | null) => Sql<Input>): readonly Sql<Input>[]

  /** What deletes the rows to which one of the reasons applies, and inserts into `target` what `selection` reads of each: one statement, or two. */
  moved<Input>(table: string, reasons: ReasonsOf<Input>, target: string, selection: Sql<Input>): readonly Sql<Input>[]
}

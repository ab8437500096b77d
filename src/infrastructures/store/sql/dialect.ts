import type { ColumnType } from '../aggregate.ts'

/** Only values that cannot fail to be sent: whatever is richer was encoded before. */
export type Value = string | number | boolean | null

/** What a parameter may be besides the value of a column. */
export type ParameterType = ColumnType | 'milliseconds' | 'list'

/** A parameter of the text at hand: a field of what the statement is executed for, or what is read from that. */
export type Bind<Input> = (what: (keyof Input & string) | ((input: Input) => unknown), type: ParameterType) => string

/** A piece of SQL with its parameters. */
export type Sql<Input> = (bind: Bind<Input>) => string

/** The engines that the migrations are written for. */
export type DialectName = 'postgres' | 'sqlite'

/** What engines write differently. All other SQL is in this folder, once. */
export interface Dialect {
  readonly name: DialectName

  /** The nth parameter, as a value of that type. */
  parameter(position: number, type: ParameterType): string

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

  /** Whether a column has one of the values of a subquery, such that an index on the column is used. */
  within(column: string, subquery: string): string

  /** Whether a column has one of many ids, which are bound as one list. */
  anyOf(column: string, list: string): string

  /** Whether reads of single rows that are asked for at once are sent as one. */
  readonly batchesReads: boolean

  /** Deletes the first rows that match in that order, at most `limit`, but none that another transaction has locked. */
  deleteSome(table: string, condition: string, order: string, limit: number): string

  /** Ends a select whose rows must stay as they are until the transaction ends. */
  readonly forShare: string

  /** Locks the rows that match, in one order for all; null where a transaction that writes is alone. */
  lock(table: string, condition: string): string | null

  /** The change, such that the engine refuses it if it touches no row; as it is, where the caller counts the rows. */
  guarded(change: string): string

  /** The same for a change and its event: one statement, or two. `event` is told what the id of the changed row is. */
  guardedWithEvent<Input>(change: Sql<Input>, event: (subject: string | null) => Sql<Input>): readonly Sql<Input>[]

  /** What deletes the rows that match, and inserts into `target` what `selection` reads of each: one statement, or two. */
  moved<Input>(table: string, condition: Sql<Input>, target: string, selection: Sql<Input>): readonly Sql<Input>[]
}

import type { ColumnType } from '../aggregate.ts'

/** Values that every driver can send; others are encoded before. Bytes and lists are for engines that accept them. */
export type Value = string | number | boolean | null | Uint8Array | readonly Uint8Array[]

/** What a parameter may be besides the value of a column. */
export type ParameterType = ColumnType | 'milliseconds' | 'list'

/** A parameter of the statement: a field of its input, or a value that is read from that. */
export type Bind<Input> = (what: (keyof Input & string) | ((input: Input) => unknown), type: ParameterType) => string

/** A piece of SQL with its parameters. */
export type Sql<Input> = (bind: Bind<Input>) => string

/** Conditions, one of which must hold. */
export type ReasonsOf<Input> = (bind: Bind<Input>) => readonly string[]

/** A row by its columns, and the condition under which an existing row is free: of its columns and of those to insert. */
export type Upsert = Readonly<{
  table: string
  key: readonly string[]
  row: Readonly<Record<string, string>>
  /** A column whose value differs in all rows to insert. */
  token: string
  isFree: (known: ColumnWriter, next: ColumnWriter) => string
}>
type ColumnWriter = (column: string) => string

/** The engines that the migrations are written for. */
export type DialectName = 'mariadb' | 'postgres' | 'sqlite'

/** The SQL that differs between engines. All other SQL is in this folder, once. */
export interface Dialect {
  readonly name: DialectName

  /** The nth parameter, as a value of that type. */
  parameter(position: number, type: ParameterType): string

  /** For an engine that knows parameters by their place alone: a text without numbers, and what belongs to each place. */
  readonly inPlace?: <Item>(numbered: string, items: readonly Item[]) => readonly [text: string, items: readonly Item[]]

  /** A value of an entity as one that the driver takes. */
  encode(type: ParameterType, value: unknown): Value

  /** The reverse, for the types that the driver does not decode by itself. */
  readonly decode: Readonly<Partial<Record<ColumnType, (value: never) => unknown>>>

  /** A new random id. */
  readonly newId: string

  /** The clock of the database, a time before all others, and a time that is so many milliseconds later (or earlier). */
  readonly now: string
  readonly past: string
  later(time: string, milliseconds: string): string

  /** The later one of two times. */
  latest(one: string, other: string): string

  /** A JSON object; times become RFC 3339 in UTC with milliseconds. */
  jsonObject(fields: readonly (readonly [name: string, type: ColumnType, expression: string])[]): string

  /** A column of JSON as text. */
  jsonText(column: string): string

  /** Whether the columns are lexicographically before or after these values, written such that an index on them is used. */
  beyond(columns: readonly string[], side: '<' | '>', values: readonly string[]): string

  /** Whether a column has the id of a row that matches one of the conditions, such that an index on the column is used. */
  within(column: string, table: string, reasons: readonly string[]): string

  /** Whether a column has one of several ids, which are bound as one list. */
  anyOf(column: string, list: string): string

  /** Whether reads by id in one turn of the event loop become one statement. */
  readonly batchesReads: boolean

  /** Deletes the first rows that match in that order, at most `limit`, but none that another transaction has locked. */
  deleteSome(table: string, key: readonly string[], condition: string, order: string, limit: number): string

  /** Inserts a row, or updates the one with its key if that is free; else it changes no row. */
  upsert(upsert: Upsert): string

  /** The end of a select that locks its rows against changes until the transaction ends. */
  readonly forShare: string

  /** Locks the rows that match one of the conditions, always in the same order. Missing if the engine allows one writer at a time. */
  readonly lock?: (table: string, reasons: readonly string[]) => string

  /** Deletes the rows that match one of the conditions. */
  deletion(table: string, reasons: readonly string[]): string

  /** The change, such that it fails if it affects no row; unchanged if the caller counts the rows. */
  guarded(change: string): string

  /** The same for a change and its event: one statement, or two. `event` gets the id of the changed row. */
  guardedWithEvent<Input>(change: Sql<Input>, event: (subject: string | null) => Sql<Input>): readonly Sql<Input>[]

  /** Deletes the rows that match one of the conditions, and inserts `selection` of each into `target`: one statement, or two. */
  moved<Input>(table: string, reasons: ReasonsOf<Input>, target: string, selection: Sql<Input>): readonly Sql<Input>[]
}

/** SQL that more than one engine shares. */
export const either = (reasons: readonly string[]): string => reasons.join(' or ')

/** `excluded` is the row that was to be inserted. */
export function insertOrUpdate({ table, key, row, isFree }: Upsert): string {
  const columns = Object.keys(row)
  const changes = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`)
  const [known, next] = [(column: string) => `known.${column}`, (column: string) => `excluded.${column}`]
  return `insert into ${table} as known (${columns}) values (${Object.values(row)})
    on conflict (${key}) do update set ${changes} where ${isFree(known, next)}`
}

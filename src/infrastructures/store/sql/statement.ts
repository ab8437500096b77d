import { Conflict } from '../../../domains/errors/change-errors.ts'
import type { Aggregate, Column } from '../aggregate.ts'
import type { RecordedChange } from '../operation.ts'
import { columnOf } from '../table.ts'
import type { Bind, Dialect, Sql, Value } from './dialect.ts'

type ErrorType = new () => Error

/** What the failures of a statement mean to the unit of work. */
export type FailureMeanings = Readonly<{
  /** The error if it affects no row; null if it need not affect one. */
  onGuardFailed: ErrorType | null
  onForeignKey: ErrorType
  onDuplicate: ErrorType
}>

/** A statement of a transaction. */
export type Command = FailureMeanings & Readonly<{ text: string; values: readonly Value[] }>

/** Text and values, as they are passed to a database. */
export type Query = readonly [text: string, values: readonly Value[]]

/** A constant text, made once. */
export type Prepared<Input> = Readonly<{ with(input: Input): Query; command(input: Input): Command }>

/** The commands of a change, from statements that were prepared once. */
export type CommandsOf = (change: RecordedChange) => readonly Command[]

/** By default a statement need not affect a row, and its failures are conflicts with other transactions. */
export const CONFLICTS: FailureMeanings = { onGuardFailed: null, onForeignKey: Conflict, onDuplicate: Conflict }

/** A command whose failures mean nothing in particular. */
export const commandOf = (text: string, values: readonly Value[]): Command => ({ text, values, ...CONFLICTS })

export function prepare<Input>(
  dialect: Dialect,
  sql: Sql<Input>,
  meanings: Partial<FailureMeanings> = {},
): Prepared<Input> {
  const { onGuardFailed, onForeignKey, onDuplicate } = { ...CONFLICTS, ...meanings }
  const bound = new Map<unknown, string>()
  const reads: ((input: Input) => Value)[] = []

  const bind: Bind<Input> = (what, type) => {
    const known = bound.get(what)
    if (known !== undefined) return known
    const read = typeof what === 'function' ? what : (input: Input) => input[what]
    const position = reads.push((input) => dialect.encode(type, read(input)))
    const parameter = dialect.parameter(position, type)
    bound.set(what, parameter)
    return parameter
  }

  const numbered = sql(bind).replaceAll(/\n\s*/g, ' ')
  const [text, placed] = dialect.inPlace?.(numbered, reads) ?? [numbered, reads]
  const valuesOf = (input: Input) => placed.map((read) => read(input))
  return {
    with: (input) => [text, valuesOf(input)],
    command: (input) => ({ text, values: valuesOf(input), onGuardFailed, onForeignKey, onDuplicate }),
  }
}

/** All columns of an aggregate under the names of its fields. */
export const selection = ({ columns }: Aggregate): string =>
  Object.keys(columns)
    .map((field) => (columnOf(field) === field ? field : `${columnOf(field)} as "${field}"`))
    .join(', ')

/** Reads a row whose fields have the types of these columns; for the others the driver's value is right. */
export function rowReader<Row>(columns: Readonly<Record<string, Column>>, { decode }: Dialect): (row: unknown) => Row {
  const decoders = Object.entries(columns).flatMap(([field, { type }]) => {
    const decoder = decode[type] as ((value: unknown) => unknown) | undefined
    return decoder === undefined ? [] : [[field, decoder] as const]
  })
  if (decoders.length === 0) return (row) => row as Row

  return (row) => {
    const state: Record<string, unknown> = { ...(row as object) }
    for (const [field, decoder] of decoders) if (state[field] !== null) state[field] = decoder(state[field])
    return state as Row
  }
}

import type { Aggregate, ColumnType } from '../aggregate.ts'
import { columnOf } from '../table.ts'
import type { Dialect } from './dialect.ts'

/** All columns of an aggregate under the names of its fields. */
export const selection = ({ columns }: Aggregate): string =>
  Object.keys(columns)
    .map((field) => (columnOf(field) === field ? field : `${columnOf(field)} as "${field}"`))
    .join(', ')

/** Reads a row of that selection as an entity. */
export const rowReader = <State>({ columns }: Aggregate, dialect: Dialect): ((row: unknown) => State) =>
  decoded(Object.fromEntries(Object.entries(columns).map(([field, { type }]) => [field, type])), dialect)

/** Reads a row whose fields have these types; for the others the driver's value is right. */
export function decoded<Row>(
  types: Readonly<Record<string, ColumnType>>,
  { decode }: Pick<Dialect, 'decode'>,
): (row: unknown) => Row {
  const decoders = Object.entries(types).flatMap(([field, type]) => {
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

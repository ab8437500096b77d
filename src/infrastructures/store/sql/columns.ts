import type { Aggregate, Column } from '../aggregate.ts'
import { columnOf } from '../table.ts'
import type { Dialect } from './dialect.ts'

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

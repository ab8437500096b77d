import type { Aggregate } from '../aggregate.ts'
import { columnOf } from '../table.ts'
import type { Dialect } from './dialect.ts'

/** All columns of an aggregate under the names of its fields. */
export const selection = ({ columns }: Aggregate): string =>
  Object.keys(columns)
    .map((field) => (columnOf(field) === field ? field : `${columnOf(field)} as "${field}"`))
    .join(', ')

/** Reads a row that was selected so, as the entity that it is. */
export function rowReader<State>({ columns }: Aggregate, { decode }: Dialect): (row: unknown) => State {
  const decoders = Object.entries(columns).flatMap(([field, { type }]) => {
    const decoder = decode[type] as ((value: unknown) => unknown) | undefined
    return decoder === undefined ? [] : [[field, decoder] as const]
  })
  if (decoders.length === 0) return (row) => row as State

  return (row) => {
    const state: Record<string, unknown> = { ...(row as object) }
    for (const [field, decoder] of decoders) if (state[field] !== null) state[field] = decoder(state[field])
    return state as State
  }
}

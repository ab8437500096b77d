import { type Document, UUID } from 'mongodb'
import type { Aggregate, Column, Entity } from '../aggregate.ts'

type Fields = Readonly<Record<string, unknown>>

/** The clock of the server. SecantusDB compares `$$NOW` itself wrongly with dates; elsewhere this changes nothing. */
export const NOW = { $toDate: { $toLong: '$$NOW' } } as const

/** The most documents, and ids in a filter, per statement: each is short, however many there are. */
export const BATCH_SIZE = 100

/** An id of two parts; the first one has no space. */
export const compositeKey = (one: string, other: string): string => `${one} ${other}`

/** The name of a field in documents. */
export const keyOf = (field: string): string => (field === 'id' ? '_id' : field)

/** A value as documents hold it: ids are 16 bytes, whose order is that of their texts. */
export const encode = (column: Column | undefined, value: unknown): unknown =>
  column?.type === 'uuid' && typeof value === 'string' ? new UUID(value) : value

/** A value of a pipeline that is not to be read as an expression. */
export const literal = (value: unknown) => ({ $literal: value })

export const idOf = (id: string): UUID => new UUID(id)

export const textOf = (id: unknown): string => String(id)

/** The document of an aggregate, without what is hidden. */
export const documentOf = ({ columns }: Aggregate, state: Entity): Document =>
  Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [
      keyOf(field),
      encode(column, (state as unknown as Fields)[field]),
    ]),
  )

/** Reads a document as the entity that it is. A field that older code did not write has its default. */
export function documentReader<State extends Entity>({ columns }: Aggregate<State>): (document: Document) => State {
  const fields = Object.entries(columns).map(([field, { type, default: missing = null }]) => {
    return { field, key: keyOf(field), isId: type === 'uuid', missing }
  })
  return (document) => {
    const state: Record<string, unknown> = {}
    for (const { field, key, isId, missing } of fields) {
      const value = document[key] ?? missing
      state[field] = isId && value !== null ? textOf(value) : value
    }
    return state as State
  }
}

/** In batches of one statement each. */
export function* batchesOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += BATCH_SIZE) yield items.slice(start, start + BATCH_SIZE)
}

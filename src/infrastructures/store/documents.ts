import type { Aggregate, Entity } from './aggregate.ts'

/** What views use to read. Ids within filters and pipelines are those of {@link Documents.idOf}. */
export type Documents = Readonly<{
  idOf(id: string): unknown
  textOf(id: unknown): string
  /** The states of the documents that match, in that order. */
  find<State extends Entity>(aggregate: Aggregate<State>, query: Query): Promise<readonly State[]>
  aggregate(aggregate: Aggregate, pipeline: readonly object[]): Promise<readonly Readonly<Record<string, unknown>>[]>
}>

export type Query = Readonly<{ filter: object; sort: Readonly<Record<string, 1 | -1>>; limit: number }>

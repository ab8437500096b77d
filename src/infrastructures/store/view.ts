import type { Entity } from './aggregate.ts'
import type { Documents } from './documents.ts'
import type { Queries } from './sql/database.ts'
import type { Dialect } from './sql/dialect.ts'

/**
 * Queries that no description can express, such as a report or a join: written by hand for each kind of engine, behind a port
 * of the domain. The folder `aggregates` has an example.
 */
export type View<Port> = Readonly<{
  /** What it reads. */
  table: string
  memory(tables: ReadonlyMap<string, ReadonlyMap<string, Entity>>): Port
  sql(dialect: Dialect, queries: Queries): Port
  mongodb(documents: Documents): Port
}>

export type Views = Readonly<Record<string, View<unknown>>>

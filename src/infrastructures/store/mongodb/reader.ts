import type { Db } from 'mongodb'
import type { ListQuery } from '../../../domains/ports/list-query.ts'
import type { Reader } from '../../../domains/ports/repository.ts'
import { createDataLoader } from '../../../patterns/data-loader.ts'
import type { Aggregate, Entity } from '../aggregate.ts'
import type { Documents, Query } from '../documents.ts'
import type { Filter } from '../driver.ts'
import { required } from '../required.ts'
import { documentReader, idOf, textOf } from './documents.ts'
import { executing } from './errors.ts'
import { listQuery, matchOf } from './list-query.ts'

/** How long the server works on one statement. */
export const MAX_TIME_MS = 2_000
const OPTIONS = { maxTimeMS: MAX_TIME_MS }

/** Reads one kind of aggregate. What is asked for by id within one turn of the event loop is one query. */
export function mongodbReader<State extends Entity>(db: Db, aggregate: Aggregate<State>): Reader<State, Filter> {
  const { notFound: Missing, table } = aggregate
  const { find: findMany } = documentsOf(db)

  async function load(ids: readonly string[]): Promise<ReadonlyMap<string, State>> {
    const found = await findMany(aggregate, { filter: { _id: { $in: ids.map(idOf) } }, sort: {}, limit: ids.length })
    return new Map(found.map((state) => [state.id, state]))
  }
  const find = createDataLoader(load, setImmediate)

  return {
    find,

    get: required(find, Missing),

    list: (listing: ListQuery<Filter>) => findMany(aggregate, listQuery(aggregate, listing)),

    count: (filter) => executing(() => db.collection(table).countDocuments(matchOf(aggregate, filter), OPTIONS)),
  }
}

/** What views read with. */
export const documentsOf = (db: Db): Documents => ({
  idOf,
  textOf,

  async find<State extends Entity>(aggregate: Aggregate<State>, { filter, sort, limit }: Query) {
    if (limit < 1) return [] // which means all to the server
    const query = { ...OPTIONS, sort, limit }
    const documents = await executing(() => db.collection(aggregate.table).find(filter, query).toArray())
    return documents.map(documentReader(aggregate))
  },

  aggregate: (aggregate, pipeline) =>
    executing(() =>
      db
        .collection(aggregate.table)
        .aggregate([...pipeline], OPTIONS)
        .toArray(),
    ),
})

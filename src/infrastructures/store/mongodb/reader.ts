import type { Db } from 'mongodb'
import type { Listing } from '../../../domains/ports/listing.ts'
import type { Reader } from '../../../domains/ports/repository.ts'
import { batched } from '../../../patterns/batch.ts'
import type { Aggregate, Kept } from '../aggregate.ts'
import type { Documents, Query } from '../documents.ts'
import type { Filter } from '../driver.ts'
import { documentReader, idOf, textOf } from './documents.ts'
import { executing } from './errors.ts'
import { listQuery, matchOf } from './listing.ts'

/** How long the server works on one statement. */
export const MAX_TIME_MS = 2_000
const OPTIONS = { maxTimeMS: MAX_TIME_MS }

/** Reads one kind of aggregate. What is asked for by id within one turn of the event loop is one query. */
export function mongodbReader<State extends Kept>(db: Db, aggregate: Aggregate<State>): Reader<State, Filter> {
  const { missing: Missing, table } = aggregate
  const { find: findMany } = documentsOf(db)

  async function load(ids: readonly string[]): Promise<ReadonlyMap<string, State>> {
    const found = await findMany(aggregate, { filter: { _id: { $in: ids.map(idOf) } }, sort: {}, limit: ids.length })
    return new Map(found.map((state) => [state.id, state]))
  }
  const find = batched(load, setImmediate)

  return {
    find,

    async get(id) {
      const found = await find(id)
      if (found === null) throw new Missing()
      return found
    },

    list: (listing: Listing<Filter>) => findMany(aggregate, listQuery(aggregate, listing)),

    count: (filter) => executing(() => db.collection(table).countDocuments(matchOf(aggregate, filter), OPTIONS)),
  }
}

/** What views read with. */
export const documentsOf = (db: Db): Documents => ({
  idOf,
  textOf,

  async find<State extends Kept>(aggregate: Aggregate<State>, { filter, sort, limit }: Query) {
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

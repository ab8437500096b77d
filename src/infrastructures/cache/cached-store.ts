import type { Reader } from '../../domains/ports/repository.ts'
import type { Aggregate, Kept } from '../store/aggregate.ts'
import type { Schema, StoreOf } from '../store/create-store.ts'
import type { Filter } from '../store/driver.ts'
import type { Cache, Keepable } from './cache.ts'
import { type Invalidations, keyOf, trackInvalidations } from './invalidation.ts'

/**
 * A store that reads single aggregates through a cache, those whose descriptions say so. What a unit of work touched is
 * forgotten before its outcome is known to anyone, whatever that outcome is; within a unit everything is read as it is kept.
 */
export function cachedStore<Of extends Schema>(store: StoreOf<Of>, { aggregates }: Of, cache: Cache): StoreOf<Of> {
  const readers = store as Readonly<Record<string, Reader<Kept, Filter>>>
  const cached = Object.entries(aggregates)
    .filter(([, { isCached }]) => isCached)
    .map(([name, aggregate]) => [name, throughCache(cache, aggregate, readers[name] as Reader<Kept, Filter>)])

  return {
    ...store,
    ...Object.fromEntries(cached),
    async transact(work) {
      const noted: Invalidations = { keys: new Set(), families: new Set() }
      try {
        return await store.transact((uow) => work(trackInvalidations(uow, aggregates, noted)))
      } finally {
        await cache.forget([...noted.keys], [...noted.families])
      }
    },
  } satisfies Pick<StoreOf<Of>, 'transact'> as StoreOf<Of>
}

/** That something is missing is kept as null. */
function throughCache(cache: Cache, aggregate: Aggregate, reader: Reader<Kept, Filter>): Reader<Kept, Filter> {
  const { missing: Missing } = aggregate
  const find = (id: string) =>
    cache.get(keyOf(aggregate, id), () => reader.find(id) as Promise<(Kept & Keepable) | null>)

  return {
    ...reader,
    find,
    async get(id) {
      const found = await find(id)
      if (found === null) throw new Missing()
      return found
    },
  }
}

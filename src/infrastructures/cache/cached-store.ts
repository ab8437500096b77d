import type { Reader } from '../../domains/ports/repository.ts'
import type { Aggregate, Entity } from '../store/aggregate.ts'
import type { Schema, StoreOf } from '../store/create-store.ts'
import type { Filter } from '../store/driver.ts'
import { required } from '../store/required.ts'
import type { Cache, Serializable } from './cache.ts'
import { type Invalidations, keyOf, trackInvalidations } from './invalidation.ts'

/**
 * A store that reads aggregates by id through a cache, if their descriptions say so. It invalidates the keys of a unit of work
 * before the caller learns the outcome, whatever that is; within a unit, it reads everything from the store.
 */
export function cachedStore<Of extends Schema>(store: StoreOf<Of>, { aggregates }: Of, cache: Cache): StoreOf<Of> {
  const readers = store as Readonly<Record<string, Reader<Entity, Filter>>>
  const cached = Object.entries(aggregates)
    .filter(([, { isCached }]) => isCached)
    .map(([name, aggregate]) => [name, readThrough(cache, aggregate, readers[name] as Reader<Entity, Filter>)])

  return {
    ...store,
    ...Object.fromEntries(cached),
    async transact(work) {
      const invalidations: Invalidations = { keys: new Set(), namespaces: new Set() }
      try {
        return await store.transact((uow) => work(trackInvalidations(uow, aggregates, invalidations)))
      } finally {
        await cache.invalidate([...invalidations.keys], [...invalidations.namespaces])
      }
    },
  } satisfies Pick<StoreOf<Of>, 'transact'> as StoreOf<Of>
}

/** The absence of an aggregate is cached as null. */
function readThrough(cache: Cache, aggregate: Aggregate, reader: Reader<Entity, Filter>): Reader<Entity, Filter> {
  const { notFound: Missing } = aggregate
  const find = (id: string) =>
    cache.get(keyOf(aggregate, id), () => reader.find(id) as Promise<(Entity & Serializable) | null>)

  return {
    ...reader,
    find,
    get: required(find, Missing),
  }
}

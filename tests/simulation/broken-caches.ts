import type { Cache, Serializable } from '../../src/infrastructures/cache/cache.ts'
import { type Invalidations, trackInvalidations } from '../../src/infrastructures/cache/invalidation.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { cachedStore } from '../kit/library/store.ts'
import type { World } from '../kit/simulated-world.ts'

export const forgetsBeforeTheCommit: typeof cachedStore = (store, cache) => ({
  ...cachedStore(store, cache),
  transact: (work) =>
    store.transact(async (uow) => {
      const noted: Invalidations = { keys: new Set(), namespaces: new Set() }
      const result = await work(trackInvalidations(uow, LIBRARY.aggregates, noted))
      await cache.invalidate([...noted.keys], [...noted.namespaces])
      return result
    }),
})

export const forgetsLate = (cache: Cache, { sleep }: World): Cache => ({
  ...cache,
  invalidate: async (keys, namespaces) => {
    void sleep(10).then(() => cache.invalidate(keys, namespaces))
  },
})

export const forgetsNoNamespaces = (cache: Cache): Cache => ({ ...cache, invalidate: (keys) => cache.invalidate(keys) })

export const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))

/** Keeps in the end what it loaded, and forgets what it has. */
export function keepsWhateverWasLoaded(cache: Cache, copy: <Value>(value: Value) => Value): Cache {
  const copies = new Map<string, Serializable>()
  return {
    ...cache,
    invalidate: async (keys, namespaces = []) => {
      for (const key of copies.keys()) {
        if (keys.includes(key) || namespaces.includes(key.split(':')[0] ?? '')) copies.delete(key)
      }
    },
    async get<Value extends Serializable>(key: string, load: () => Promise<Value | null>) {
      if (!copies.has(key)) copies.set(key, copy(await load()))
      return copies.get(key) as Value | null
    },
  }
}

export function keepsFailures(cache: Cache): Cache {
  const failed = new Map<string, Promise<never>>()
  return {
    ...cache,
    get<Value extends Serializable>(key: string, load: () => Promise<Value | null>): Promise<Value | null> {
      const failure = failed.get(key)
      if (failure !== undefined) return failure
      const value = cache.get(key, load)
      value.catch(() => failed.set(key, value as Promise<never>))
      return value
    },
  }
}

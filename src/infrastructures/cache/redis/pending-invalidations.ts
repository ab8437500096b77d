import { namespaceOf } from '../cache.ts'

export type Invalidation = Readonly<{ keys: readonly string[]; namespaces: readonly string[] }>

/** More keys than this become their namespaces, which invalidates more than necessary. */
const MAX_KEYS = 10_000

export const compact = ({ keys, namespaces }: Invalidation): Invalidation =>
  keys.length <= MAX_KEYS ? { keys, namespaces } : { keys: [], namespaces: [...namespaces, ...keys.map(namespaceOf)] }

/** The invalidations that could not be sent yet. Their number is bounded, however long the server is down. */
export function createPendingInvalidations() {
  const keys = new Set<string>()
  const namespaces = new Set<string>()

  function add(invalidation: Invalidation): void {
    for (const key of invalidation.keys) keys.add(key)
    for (const namespace of invalidation.namespaces) namespaces.add(namespace)
    if (keys.size <= MAX_KEYS) return
    for (const key of keys) namespaces.add(namespaceOf(key))
    keys.clear()
  }

  return {
    add,

    isEmpty: (): boolean => keys.size + namespaces.size === 0,

    /** Invalidations that could not be sent stay pending. */
    async flush(send: (invalidation: Invalidation) => Promise<void>): Promise<void> {
      const batch = { keys: [...keys], namespaces: [...namespaces] }
      keys.clear()
      namespaces.clear()
      try {
        await send(batch)
      } catch (error) {
        add(batch)
        throw error
      }
    },
  }
}

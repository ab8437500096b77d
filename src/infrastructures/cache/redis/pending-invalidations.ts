import { namespaceOf } from '../cache.ts'

export type Invalidation = Readonly<{ keys: readonly string[]; namespaces: readonly string[] }>

/** More keys than this are told as their families, which is to forget more than was asked for. */
const MAX_KEYS = 10_000

export const compact = ({ keys, namespaces }: Invalidation): Invalidation =>
  keys.length <= MAX_KEYS ? { keys, namespaces } : { keys: [], namespaces: [...namespaces, ...keys.map(namespaceOf)] }

/** What is to be forgotten and could not be told yet. However long that lasts, it does not grow beyond a bound. */
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

    /** What could not be told stays. */
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

/** Plain data, as entities are. */
export type Serializable =
  | null
  | boolean
  | number
  | string
  | Date
  | readonly Serializable[]
  | Readonly<{ [field: string]: Serializable }>

/**
 * Caches values that are slow to load, never older than the last acknowledged change. If it is down, no call fails.
 *
 * Any text is a key. The part before its first colon is its namespace: `book:4711` is in the namespace `book`.
 */
export interface Cache {
  /**
   * The value of a key: the cached entry, deeply equal to the loaded value, or the result of `load`, which is then cached.
   * Concurrent misses in this process share one load; if it fails, all of them fail and nothing is cached. After
   * {@link Cache.invalidate} of the key resolves, values loaded before it are neither returned nor stored. `null` is a value:
   * the absence, cached only briefly. Callers share an entry, so they must not change it.
   *
   * When the cache itself fails or is slow, the value is loaded; a caller never waits for the cache more than 100 ms.
   */
  get<Value extends Serializable>(key: string, load: () => Promise<Value | null>): Promise<Value | null>

  /**
   * After it resolves, no process that shares the cache returns an older value of these keys, or of any key in these
   * namespaces. It may invalidate more. It never fails, and never takes more than 100 ms. If the cache does not confirm
   * in that time, this process uses no entries until it has sent the invalidation; another process that still reaches the
   * cache may return a stale entry until then, but none that was loaded more than 30 s ago.
   */
  invalidate(keys: readonly string[], namespaces?: readonly string[]): Promise<void>

  /**
   * Counts one use of `key` in its current window of `seconds`, which all processes share and which the first use opens.
   * While the cache is down, this process counts for itself.
   */
  count(key: string, seconds: number): Promise<WindowUsage>

  /** Since the start: cache hits, loads, and failures of the cache itself. */
  readonly stats: Readonly<{ hits: number; loads: number; failures: number }>

  /** Returns when the cache answers. @throws {DependencyUnavailable} */
  ping(): Promise<void>

  close(): Promise<void>
}

export type WindowUsage = Readonly<{ used: number; resetsInMs: number }>

/** `book` of `book:4711`; of a key without a colon, the key. */
export const namespaceOf = (key: string): string => key.split(':', 1)[0] ?? ''

/** The maximum age of an entry, also of a stale one whose writer died before it could invalidate it. */
export const ENTRY_TTL_MS = 30_000

/** How long the absence of a value is cached. */
export const NEGATIVE_TTL_MS = 5_000

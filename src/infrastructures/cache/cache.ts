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
 * Keeps copies of what is slow to load, never older than the last acknowledged change. Its absence is never a failure.
 *
 * Any text is a key. What stands before its first colon is its family: `book:4711` is one of the family `book`.
 */
export interface Cache {
  /**
   * The value of a key: the kept copy, deeply equal to what was loaded, or what `load` gives, which is then kept. Of
   * several who miss at once in this process, one loads for all; a failed load is told to them all and kept by nobody.
   * Nobody is given, and nothing is kept, that was loaded before an earlier {@link Cache.invalidate} of the key had resolved.
   * `null` is a value: that there is none, kept only briefly. A copy is shared by those who ask: nobody may change it.
   *
   * When the cache itself fails or is slow, the value is loaded; a caller never waits for the cache more than 100 ms.
   */
  get<Value extends Serializable>(key: string, load: () => Promise<Value | null>): Promise<Value | null>

  /**
   * From when it resolves, nobody in any process that shares the cache is given an older copy of these keys, or of any
   * key of these families. It may forget more. It never fails, and never takes more than 100 ms. Where the cache could
   * not be told in that time, this process uses no copy at all until it has told it; another process that still reaches
   * the cache may give an older copy until then, but none that was loaded more than 30 s ago.
   */
  invalidate(keys: readonly string[], namespaces?: readonly string[]): Promise<void>

  /**
   * Counts one use of `key` in its current window of `seconds`, which all processes share and which the first use opens.
   * When the cache cannot say, this process goes on counting for itself.
   */
  count(key: string, seconds: number): Promise<WindowUsage>

  /** Since the start: copies given, loads, and times at which the cache itself failed. */
  readonly stats: Readonly<{ hits: number; loads: number; failures: number }>

  /** Returns when the cache answers. @throws {DependencyUnavailable} */
  ping(): Promise<void>

  close(): Promise<void>
}

export type WindowUsage = Readonly<{ used: number; resetsInMs: number }>

/** `book` of `book:4711`; of a key without a colon, the key. */
export const namespaceOf = (key: string): string => key.split(':', 1)[0] ?? ''

/** No copy is given that was loaded longer ago: so old is the oldest after a writer died before it could tell. */
export const ENTRY_TTL_MS = 30_000

/** That there is nothing is kept only so long. */
export const NEGATIVE_TTL_MS = 5_000

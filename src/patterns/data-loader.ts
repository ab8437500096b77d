type Waiting<Value> = { resolve: (value: Value | null) => void; reject: (error: unknown) => void }

/**
 * Collects the requested keys until `schedule` runs its callback, and loads them together, each once.
 * No caller gets a value that was loaded before its call.
 */
export function createDataLoader<Key, Value>(
  load: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
  schedule: (run: () => void) => void,
): (key: Key) => Promise<Value | null> {
  let waiting = new Map<Key, Waiting<Value>[]>()

  async function run(): Promise<void> {
    const batch = waiting
    waiting = new Map()
    try {
      const found = await load([...batch.keys()])
      for (const [key, asked] of batch) for (const { resolve } of asked) resolve(found.get(key) ?? null)
    } catch (error) {
      for (const asked of batch.values()) for (const { reject } of asked) reject(error)
    }
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) schedule(run)
      const asked = waiting.get(key)
      if (asked === undefined) waiting.set(key, [{ resolve, reject }])
      else asked.push({ resolve, reject })
    })
}

import type { Serializable } from '../cache.ts'

type Load<Value> = () => Promise<Value | null>
type Task = Promise<Serializable>
type Save = (key: string, lease: string, value: Serializable) => Promise<void>

/** Concurrent misses share one load, unless it began before one of them asked. */
export function createCoalescedLoads(save: Save, onLoad: () => void) {
  const leased = new Map<string, Readonly<{ lease: string; task: Task }>>()
  const planned = new Map<string, Task>()

  async function run<Value extends Serializable>(load: Load<Value>): Promise<Value | null> {
    onLoad()
    return load()
  }

  /** Stays until the value is stored: a lookup before that returned the lease, and its reply may arrive only afterwards. */
  async function finish(key: string, lease: string, task: Task): Promise<void> {
    await task.then((value) => save(key, lease, value)).catch(() => {})
    if (leased.get(key)?.task === task) leased.delete(key)
  }

  return {
    /** Joins a load under the same lease: the key was not invalidated since the lease was issued. */
    withLease<Value extends Serializable>(lease: string, key: string, load: Load<Value>): Promise<Value | null> {
      const known = leased.get(key)
      if (known?.lease === lease) return known.task as Promise<Value | null>
      const task = run(load)
      leased.set(key, { lease, task })
      void finish(key, lease, task)
      return task
    },

    /** Without a lease only calls of the same turn of the event loop share a load, which begins after it. */
    coalesce<Value extends Serializable>(key: string, load: Load<Value>): Promise<Value | null> {
      const known = planned.get(key)
      if (known !== undefined) return known as Promise<Value | null>
      const task = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        planned.delete(key)
        return run(load)
      })
      planned.set(key, task)
      return task
    },
  }
}

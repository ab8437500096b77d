import type { Serializable } from '../cache.ts'

type Load<Value> = () => Promise<Value | null>
type Task = Promise<Serializable>
type Save = (key: string, lease: string, value: Serializable) => Promise<void>

/** Lets those who miss at the same time share one load, as far as none of them is given what is older than their question. */
export function createCoalescedLoads(save: Save, onLoad: () => void) {
  const leased = new Map<string, Readonly<{ lease: string; task: Task }>>()
  const planned = new Map<string, Task>()

  async function run<Value extends Serializable>(load: Load<Value>): Promise<Value | null> {
    onLoad()
    return load()
  }

  /** Stays until the value is kept: who asked before that was told of the lease, and may hear so only afterwards. */
  async function finish(key: string, lease: string, task: Task): Promise<void> {
    await task.then((value) => save(key, lease, value)).catch(() => {})
    if (leased.get(key)?.task === task) leased.delete(key)
  }

  return {
    /** Joins whoever loads under the same lease: nobody has forgotten the key since it was given. */
    withLease<Value extends Serializable>(lease: string, key: string, load: Load<Value>): Promise<Value | null> {
      const known = leased.get(key)
      if (known?.lease === lease) return known.task as Promise<Value | null>
      const task = run(load)
      leased.set(key, { lease, task })
      void finish(key, lease, task)
      return task
    },

    /** Without a lease only those of the same turn of the event loop share a load, which has not begun when they ask. */
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

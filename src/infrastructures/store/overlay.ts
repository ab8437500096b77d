import type { Aggregate, Entity } from './aggregate.ts'

type Read = (aggregate: Aggregate, id: string) => Promise<Entity | null>
type Own = Readonly<{ state: Entity | null; after: number }>

/**
 * What a unit of work sees: the stored aggregates, overlaid by its own changes. It reads each one once: else a decision by an
 * older version could be committed on top of a newer one.
 */
export function createOverlay(read: Read) {
  const changed = perAggregate<Own>()
  const seen = perAggregate<Promise<Entity | null>>()
  const removed: Readonly<{ from: Aggregate; id: string }>[] = []

  function readOnce(aggregate: Aggregate, id: string): Promise<Entity | null> {
    const before = seen(aggregate).get(id)
    if (before !== undefined) return before
    const reading = read(aggregate, id)
    seen(aggregate).set(id, reading)
    return reading
  }

  async function find(aggregate: Aggregate, id: string): Promise<Entity | null> {
    const own = changed(aggregate).get(id)
    const state = own === undefined ? await readOnce(aggregate, id) : own.state
    return state === null || (await wasRemovedWith(aggregate, state, own?.after ?? 0)) ? null : state
  }

  /** Whether this unit has removed its owner or parent since. */
  async function wasRemovedWith(aggregate: Aggregate, state: Entity, since: number): Promise<boolean> {
    if (removed.length === since) return false
    for (const { field, to } of aggregate.references) {
      const id = (state as unknown as Readonly<Record<string, string>>)[field] ?? ''
      if (removed.slice(since).some((gone) => gone.from === to && gone.id === id)) return true
      if (to.references.length > 0 && (await find(to, id)) === null) return true
    }
    return false
  }

  return {
    find,

    set(aggregate: Aggregate, state: Entity): void {
      changed(aggregate).set(state.id, { state, after: removed.length })
    },

    /** Removes it with its dependents. Only a tombstone stays visible. */
    remove(aggregate: Aggregate, state: Entity): void {
      removed.push({ from: aggregate, id: state.id })
      changed(aggregate).set(state.id, { state: aggregate.hasTombstone ? state : null, after: removed.length })
    },
  }
}

function perAggregate<Value>() {
  const maps = new Map<Aggregate, Map<string, Value>>()
  return (aggregate: Aggregate): Map<string, Value> => {
    const known = maps.get(aggregate) ?? new Map<string, Value>()
    maps.set(aggregate, known)
    return known
  }
}

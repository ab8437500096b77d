import type { Received } from './received.ts'

/** A message of an unknown past may be what killed the process that had it before. */
export type Held = { readonly message: Received; hasUnknownPast: boolean }

/** Messages in the order in which they came, by key: only the first of a key can be taken, until it has left. */
export function openLanes() {
  const lanes = new Map<string, Held[]>()
  const suspects = new Set<Held>()
  const others = new Set<Held>()

  function offer(held: Held): void {
    if (held.hasUnknownPast) suspects.add(held)
    else others.add(held)
  }

  return {
    add(held: Held): void {
      const lane = lanes.get(held.message.key)
      if (lane !== undefined) return void lane.push(held)
      lanes.set(held.message.key, [held])
      offer(held)
    },

    /** Makes the first of its key ready to be taken (again). */
    offer,

    /** Who comes next; as long as there are suspects, they do, and others are left alone. */
    first(): Held | undefined {
      const [suspect] = suspects
      const [other] = others
      return suspect ?? other
    },

    take(held: Held): void {
      suspects.delete(held)
      others.delete(held)
    },

    /** The first of a key is settled: the next one follows. */
    leave({ message: { key } }: Held): void {
      const lane = lanes.get(key) ?? []
      lane.shift()
      const [next] = lane
      if (next === undefined) lanes.delete(key)
      else offer(next)
    },

    left: (): readonly Received[] => [...lanes.values()].flat().map(({ message }) => message),
  }
}

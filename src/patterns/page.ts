/** One page of a list, and the position after which the next one starts; null on the last page. */
export type Page<Item, Position> = Readonly<{ items: readonly Item[]; next: Position | null; total: number | null }>

/** Cuts a page of `limit` from `found`, for which the caller queried one item more, to know whether another page follows. */
export function pageOf<Item, Position>(
  found: readonly Item[],
  limit: number,
  positionOf: (item: Item) => Position,
  total: number | null,
): Page<Item, Position> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, next: found.length > limit && last !== undefined ? positionOf(last) : null, total }
}

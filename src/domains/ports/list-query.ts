/** Which time a list is ordered by. Ties are broken by id, in the same direction. */
export type Sort = Readonly<{ by: 'createdAt' | 'updatedAt'; direction: 'ascending' | 'descending' }>

/** A position in a list: that of an item whose sorted time is `at`. */
export type KeysetPosition = Readonly<{ at: Date; id: string }>

/** `from` is inclusive, `to` is exclusive. */
export type CreatedRange = Readonly<{ createdFrom?: Date; createdTo?: Date }>

/** `limit` items that match `filter`, starting right after a position, or at the start. */
export type ListQuery<Filter> = Readonly<{ filter: Filter; sort: Sort; after: KeysetPosition | null; limit: number }>

/** The position of `item` in a list that is sorted by `sort`. */
export const positionOf = (
  sort: Sort,
  item: Readonly<{ id: string; createdAt: Date; updatedAt: Date }>,
): KeysetPosition => ({
  at: item[sort.by],
  id: item.id,
})

/** Which time a list is ordered by. Ties are broken by id, in the same direction. */
export type Sort = Readonly<{ by: 'createdAt' | 'updatedAt'; direction: 'ascending' | 'descending' }>

/** A place in a list: that of an item whose sorted time is `at`. */
export type Position = Readonly<{ at: Date; id: string }>

/** `from` is inclusive, `to` is exclusive. */
export type CreatedBetween = Readonly<{ createdFrom?: Date; createdTo?: Date }>

/** `limit` items that match `filter`, starting right after a position, or at the start. */
export type Listing<Filter> = Readonly<{ filter: Filter; sort: Sort; after: Position | null; limit: number }>

/** The position of `item` in a list that is sorted by `sort`. */
export const positionIn = (sort: Sort, item: Readonly<{ id: string; createdAt: Date; updatedAt: Date }>): Position => ({
  at: item[sort.by],
  id: item.id,
})

import type { Sort } from '../../src/domains/ports/list-query.ts'

export const OLDEST_FIRST: Sort = { by: 'createdAt', direction: 'ascending' }
export const NEWEST_FIRST: Sort = { by: 'createdAt', direction: 'descending' }
export const MOST_RECENTLY_UPDATED_FIRST: Sort = { by: 'updatedAt', direction: 'descending' }

/** Every order that a list may have. */
export const SORTS: readonly Sort[] = [
  OLDEST_FIRST,
  NEWEST_FIRST,
  { by: 'updatedAt', direction: 'ascending' },
  MOST_RECENTLY_UPDATED_FIRST,
]

export const nameOf = ({ by, direction }: Sort): string => `${by}, ${direction}`

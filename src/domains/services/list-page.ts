import { type Page, pageOf } from '../../patterns/page.ts'
import { type KeysetPosition, type ListQuery, positionOf } from '../ports/list-query.ts'

type Listable<Item, Filter> = {
  list(query: ListQuery<Filter>): Promise<readonly Item[]>
  count(filter: Filter): Promise<number>
}

/** One page of a list and, if wanted, the number of all matching items, read side by side. */
export async function listPage<Item extends Readonly<{ id: string; createdAt: Date; updatedAt: Date }>, Filter>(
  repository: Listable<Item, Filter>,
  query: ListQuery<Filter>,
  withTotal: boolean,
): Promise<Page<Item, KeysetPosition>> {
  const [found, total] = await Promise.all([
    repository.list({ ...query, limit: query.limit + 1 }),
    withTotal ? repository.count(query.filter) : null,
  ])
  return pageOf(found, query.limit, (item) => positionOf(query.sort, item), total)
}

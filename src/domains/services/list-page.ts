import { type Page, pageOf } from '../../patterns/page.ts'
import { type Listing, type Position, positionIn } from '../ports/listing.ts'

type Lists<Item, Filter> = {
  list(listing: Listing<Filter>): Promise<readonly Item[]>
  count(filter: Filter): Promise<number>
}

/** One page of a list and, if wanted, how many items match in all, asked for side by side. */
export async function listPage<Item extends Readonly<{ id: string; createdAt: Date; updatedAt: Date }>, Filter>(
  repository: Lists<Item, Filter>,
  listing: Listing<Filter>,
  counted: boolean,
): Promise<Page<Item, Position>> {
  const [found, total] = await Promise.all([
    repository.list({ ...listing, limit: listing.limit + 1 }),
    counted ? repository.count(listing.filter) : null,
  ])
  return pageOf(found, listing.limit, (item) => positionIn(listing.sort, item), total)
}

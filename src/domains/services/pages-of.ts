import type { KeysetPosition } from '../ports/list-query.ts'
import type { Reader } from '../ports/repository.ts'

type Created = Readonly<{ id: string; createdAt: Date }>

const OLDEST_FIRST = { by: 'createdAt', direction: 'ascending' } as const

/** All items, oldest first, in pages of `limit`. Removing items meanwhile skips no others. */
export async function* pagesOf<Item extends Created>(
  { list }: Pick<Reader<Item, object>, 'list'>,
  limit: number,
): AsyncGenerator<readonly Item[]> {
  for (let after: KeysetPosition | null = null; ; ) {
    const page: readonly Item[] = await list({ filter: {}, sort: OLDEST_FIRST, after, limit })
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < limit) return
    after = { at: last.createdAt, id: last.id }
  }
}

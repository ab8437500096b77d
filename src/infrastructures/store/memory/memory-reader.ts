import type { UserId } from '../../../domains/entities/user.ts'
import { type Listing, type Position, positionIn } from '../../../domains/ports/listing.ts'

type Item = Readonly<{ id: string; ownerId: UserId; postId?: string; createdAt: Date; updatedAt: Date }>
type Filter = Readonly<{ ownerId?: UserId; postId?: string; createdFrom?: Date; createdTo?: Date }>

/** Reads one kind of aggregate: by id, and as sorted and filtered lists. */
export const memoryReader = <State extends Item>(kept: ReadonlyMap<string, State>, notFound: () => Error) => ({
  async get(id: string): Promise<State> {
    const state = kept.get(id)
    if (state === undefined) throw notFound()
    return state
  },

  async list({ filter, sort, after, limit }: Listing<Filter>): Promise<readonly State[]> {
    const direction = sort.startsWith('-') ? -1 : 1
    const position = (state: State) => positionIn(sort, state)
    return [...kept.values()]
      .filter((state) => matches(filter, state))
      .filter((state) => after === null || direction * compare(position(state), after) > 0)
      .sort((one, other) => direction * compare(position(one), position(other)))
      .slice(0, limit)
  },

  count: async (filter: Filter): Promise<number> => [...kept.values()].filter((state) => matches(filter, state)).length,
})

function matches({ ownerId, postId, createdFrom, createdTo }: Filter, state: Item): boolean {
  return (
    (ownerId === undefined || state.ownerId === ownerId) &&
    (postId === undefined || state.postId === postId) &&
    (createdFrom === undefined || state.createdAt >= createdFrom) &&
    (createdTo === undefined || state.createdAt < createdTo)
  )
}

/** By time, those of one time by id. */
export function compare(one: Position, other: Position): number {
  return one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : Number(one.id > other.id))
}

import type { KeysetPosition, ListQuery, Sort } from '../../../domains/ports/list-query.ts'
import type { Reader } from '../../../domains/ports/repository.ts'
import type { Aggregate, Entity } from '../aggregate.ts'
import type { Filter } from '../driver.ts'

type Fields = Readonly<Record<string, unknown>>

/** Reads one kind of aggregate: by id, and as sorted and filtered lists. */
export function memoryReader<State extends Entity>(
  table: ReadonlyMap<string, State>,
  { lists, notFound: Missing }: Aggregate<State>,
): Reader<State, Filter> {
  const matching = (filter: Filter) => [...table.values()].filter((state) => matches(filter, lists, state))

  return {
    find: async (id) => table.get(id) ?? null,

    async get(id) {
      const state = table.get(id)
      if (state === undefined) throw new Missing()
      return state
    },

    async list({ filter, sort, after, limit }: ListQuery<Filter>) {
      const direction = sort.direction === 'descending' ? -1 : 1
      const position = (state: State) => positionOf(sort, state)
      return matching(filter)
        .filter((state) => after === null || direction * compare(position(state), after) > 0)
        .sort((one, other) => direction * compare(position(one), position(other)))
        .slice(0, limit)
    },

    count: async (filter) => matching(filter).length,
  }
}

function matches(filter: Filter, { filters, flags }: Aggregate['lists'], state: Entity): boolean {
  const { createdAt, ...stored } = state as unknown as Fields & { createdAt: Date }
  const { createdFrom, createdTo } = filter as { createdFrom?: Date; createdTo?: Date }
  return (
    filters.every((field) => filter[field] === undefined || filter[field] === stored[field]) &&
    Object.entries(flags).every(([flag, field]) => !filter[flag] || stored[field] === null) &&
    (createdFrom === undefined || createdAt >= createdFrom) &&
    (createdTo === undefined || createdAt < createdTo)
  )
}

function positionOf(sort: Sort, state: Entity): KeysetPosition {
  const { createdAt, updatedAt } = state as unknown as { createdAt: Date; updatedAt: Date }
  return { at: sort.by === 'createdAt' ? createdAt : updatedAt, id: state.id }
}

/** By time, those of one time by id. */
function compare(one: KeysetPosition, other: KeysetPosition): number {
  return one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : Number(one.id > other.id))
}

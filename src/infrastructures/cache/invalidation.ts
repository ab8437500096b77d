import type { Repository } from '../../domains/ports/repository.ts'
import { type Aggregate, type Aggregates, dependentsOf, type Kept } from '../store/aggregate.ts'

/** Keys and families of which a unit of work may have made every copy an old one. */
export type Invalidations = Readonly<{ keys: Set<string>; families: Set<string> }>

export const keyOf = ({ noun }: Aggregate, id: string): string => `${noun}:${id}`

/**
 * The same unit of work, which notes what it is asked to change. Which aggregates go along with one that is removed is known
 * to the store alone: then their whole family is noted.
 */
export function trackInvalidations<UnitOfWork extends object>(
  uow: UnitOfWork,
  aggregates: Aggregates,
  noted: Invalidations,
): UnitOfWork {
  const repositories = uow as Readonly<Record<string, Repository<Kept>>>
  const tracked = Object.entries(aggregates).map(([name, aggregate]) => [
    name,
    tracking(repositories[name] as Repository<Kept>, aggregate, aggregates, noted),
  ])
  return { ...uow, ...Object.fromEntries(tracked) }
}

function tracking(
  repository: Repository<Kept>,
  aggregate: Aggregate,
  all: Aggregates,
  { keys, families }: Invalidations,
): Repository<Kept> {
  const note = (id: string) => void (aggregate.isCached && keys.add(keyOf(aggregate, id)))

  return {
    ...repository,
    add(state) {
      note(state.id)
      return repository.add(state)
    },
    save(state) {
      note(state.id)
      return repository.save(state)
    },
    remove(state) {
      note(state.id)
      for (const { noun, isCached } of dependentsOf(aggregate, all)) if (isCached) families.add(noun)
      return repository.remove(state)
    },
  }
}

import type { Repository } from '../../domains/ports/repository.ts'
import { type Aggregate, type Aggregates, dependentsOf, type Entity } from '../store/aggregate.ts'

/** Keys and families of which a unit of work may have made every copy an old one. */
export type Invalidations = Readonly<{ keys: Set<string>; namespaces: Set<string> }>

export const keyOf = ({ type }: Aggregate, id: string): string => `${type}:${id}`

/**
 * The same unit of work, which notes what it is asked to change. Which aggregates go along with one that is removed is known
 * to the store alone: then their whole family is noted.
 */
export function trackInvalidations<UnitOfWork extends object>(
  uow: UnitOfWork,
  aggregates: Aggregates,
  invalidations: Invalidations,
): UnitOfWork {
  const repositories = uow as Readonly<Record<string, Repository<Entity>>>
  const tracked = Object.entries(aggregates).map(([name, aggregate]) => [
    name,
    trackRepository(repositories[name] as Repository<Entity>, aggregate, aggregates, invalidations),
  ])
  return { ...uow, ...Object.fromEntries(tracked) }
}

function trackRepository(
  repository: Repository<Entity>,
  aggregate: Aggregate,
  all: Aggregates,
  { keys, namespaces }: Invalidations,
): Repository<Entity> {
  const invalidate = (id: string) => void (aggregate.isCached && keys.add(keyOf(aggregate, id)))

  return {
    ...repository,
    add(state) {
      invalidate(state.id)
      return repository.add(state)
    },
    save(state) {
      invalidate(state.id)
      return repository.save(state)
    },
    remove(state) {
      invalidate(state.id)
      for (const { type, isCached } of dependentsOf(aggregate, all)) if (isCached) namespaces.add(type)
      return repository.remove(state)
    },
  }
}

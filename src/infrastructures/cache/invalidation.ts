import type { Repository } from '../../domains/ports/repository.ts'
import { type Aggregate, type Aggregates, dependentsOf, type Entity } from '../store/aggregate.ts'

/** The keys and namespaces whose entries a unit of work may have made stale. */
export type Invalidations = Readonly<{ keys: Set<string>; namespaces: Set<string> }>

export const keyOf = ({ type }: Aggregate, id: string): string => `${type}:${id}`

/**
 * The same unit of work, which records the keys that it changes. Only the store knows which dependents it removes with an
 * aggregate: for these, it records the whole namespace.
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

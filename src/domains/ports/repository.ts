import type { ListQuery } from './list-query.ts'

/** Reads the stored aggregates of one kind. Reading opens no transaction. */
export interface Reader<State extends Readonly<{ id: string }>, Filter> {
  /** @throws the error of this kind that says that there is none, such as {@link PostNotFound} */
  get(id: State['id']): Promise<State>

  /** Null when there is none. */
  find(id: State['id']): Promise<State | null>

  /** In the order of the listing. A page deep in the list costs what the first one costs. */
  list(query: ListQuery<Filter>): Promise<readonly State[]>

  /** How many match; its cost grows with their number. */
  count(filter: Filter): Promise<number>
}

/**
 * The aggregates of one kind within a unit of work, which sees its own changes. Each change of what has versions raises
 * exactly one event, which the unit adds to its outbox.
 */
export interface Repository<State extends Readonly<{ id: string }>> {
  /** @throws the error of this kind that says that there is none, such as {@link PostNotFound} */
  get(id: State['id']): Promise<State>

  /** Null when there is none. */
  find(id: State['id']): Promise<State | null>

  /**
   * The store refuses the unit, with the error of this kind, if the owner ({@link AccountDisabled} if the user is not
   * active) or the parent of the new one is missing. It runs the unit again if the id is taken.
   */
  add(state: State): Promise<void>

  /** Saves the next version. The store runs the unit again if another unit saved that version first. */
  save(state: State): Promise<void>

  /**
   * Takes the last version, which follows the stored one. Removes its dependents too, of all owners and however many they
   * are; each raises its own event. The store runs the unit again if another unit saved that version first.
   */
  remove(state: State): Promise<void>
}

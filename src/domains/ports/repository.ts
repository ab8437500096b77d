import type { ListQuery } from './list-query.ts'

/** The aggregates of one kind, as they are kept. Reading opens no transaction. */
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
   * The unit is refused, with the error that the kind names for it, when what the new one belongs to is missing: its owner
   * ({@link AccountDisabled} when the user is not active), its parent. It is run again when the id is taken.
   */
  add(state: State): Promise<void>

  /** Keeps the next version. The unit is run again when someone else saved that version first. */
  save(state: State): Promise<void>

  /**
   * Takes the last version, which follows the kept one. All that belongs to it goes with it, whoever owns that and whatever
   * its number; each raises its own event. The unit is run again when someone else saved that version first.
   */
  remove(state: State): Promise<void>
}

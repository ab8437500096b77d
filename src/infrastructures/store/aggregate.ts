import type { EventType } from '../../domains/events/domain-event.ts'

/** A stored entity: an aggregate of the domain, or a record that belongs to one. */
export type Entity = Readonly<{ id: string }>

/** An aggregate with versions, each of which raises an event. */
type Versioned = Entity & Readonly<{ version: number; createdAt: Date; updatedAt: Date }>

/** The types of columns, and of the fields of entities that they store. */
type Fields = { uuid: string; text: string; json: never; integer: number; boolean: boolean; time: Date }
export type ColumnType = keyof Fields

export type Column<Type extends ColumnType = ColumnType> = Readonly<{
  type: Type
  isNullable?: boolean
  /** Set when the row is added, never changed. */
  isImmutable?: boolean
  /** Its first value stays. */
  isWrittenOnce?: boolean
  /** The value for existing rows. */
  default?: string | number | boolean
}>

export const uuid = { type: 'uuid' } as const satisfies Column
export const text = { type: 'text' } as const satisfies Column
export const json = { type: 'json' } as const satisfies Column
export const integer = { type: 'integer' } as const satisfies Column
export const boolean = { type: 'boolean' } as const satisfies Column
export const time = { type: 'time' } as const satisfies Column
export const nullable = <Of extends Column>(column: Of) => ({ ...column, isNullable: true }) as const
export const immutable = <Of extends Column>(column: Of) => ({ ...column, isImmutable: true }) as const
export const writtenOnce = <Of extends Column>(column: Of) => ({ ...column, isWrittenOnce: true }) as const

type TypeOf<Value> = { [Type in ColumnType]: Value extends Fields[Type] ? Type : never }[ColumnType]
type ColumnOf<Value> = Column<TypeOf<NonNullable<Value>>> &
  (null extends Value ? { isNullable: true } : { isNullable?: never })

/** The columns besides those that every aggregate has. */
type Columns<State> = { readonly [Field in Exclude<keyof State, keyof Versioned>]: ColumnOf<State[Field]> }

type AnyFields = Readonly<Record<string, unknown>>

/** A foreign key: the row of another table that must exist. */
export type Reference<State = AnyFields, Target = AnyFields> = Readonly<{
  field: keyof State & string
  to: Aggregate<Target & Entity>
  /** The condition on that row when something is added to it; it holds until the transaction ends. */
  requires?: Partial<Target>
  /** The error if that row is missing, or does not meet the condition. */
  otherwise: new () => Error
  /** What happens to this one when the other is removed. */
  onDelete: 'cascade'
}>

/** The lists of one kind. Each has its index. */
type Lists<Field extends string> = Readonly<{
  /** The times by which a list may be sorted. */
  orders: readonly ('createdAt' | 'updatedAt')[]
  /** The fields that lists may be filtered by. */
  filters: readonly Field[]
  /** The filter that every list must have. */
  requiredFilter?: Field | null
  /** Names of filters that select rows in which a field is null. */
  flags?: Readonly<Record<string, Field>>
}>

declare const state: unique symbol

/** The compiled description, for every engine: all that stores and caches know about one kind of aggregate. */
export type Aggregate<State extends Entity = Entity> = Readonly<{
  type: string
  table: string
  /** By the name of the field, in the order of the table. */
  columns: Readonly<Record<string, Column>>
  owner: Reference | null
  /** Only its owner may have to meet a condition. */
  parent: Omit<Reference, 'requires'> | null
  /** Those of the two that exist. */
  references: readonly Reference[]
  /** Thrown by `get` if there is none. */
  notFound: new () => Error
  lists: Required<Lists<string>>
  /** A hidden column that numbers the rows of an owner in the order of their commits. */
  sequence: string | null
  /** A removed row stays in its last state, so that late news does not create it again. */
  hasTombstone: boolean
  /** Whether reads by id may be cached. */
  isCached: boolean
  /** The event of one that is removed as a dependent; null for a kind without versions and events. */
  removed: EventType<never, string> | null
  [state]?: State
}>

export type Aggregates = Readonly<Record<string, Aggregate>>

/** An aggregate with an owner must say what happens when the owner is removed; one with versions, also which event that raises. */
type Description<State extends Entity, Owner, Parent> = Pick<Aggregate, 'type' | 'table' | 'notFound'> &
  Partial<Pick<Aggregate, 'sequence' | 'hasTombstone' | 'isCached'>> &
  Readonly<{ columns: Columns<State>; lists?: Lists<keyof State & string> }> &
  Readonly<{ parent?: Omit<Reference<State, Parent>, 'requires'> }> &
  (State extends { ownerId: string } ? Readonly<{ owner: Reference<State, Owner> }> : { owner?: never }) &
  (State extends Versioned ? Readonly<{ removed: EventType<State> }> : { removed?: never })

/** An aggregate from its description. */
export function aggregate<State extends Entity, Owner = never, Parent = never>(
  description: Description<State, Owner, Parent>,
): Aggregate<State> {
  type Any = Description<Versioned & { ownerId: string }, AnyFields, AnyFields>
  const { columns, owner = null, parent = null, lists, removed = null, ...rest } = description as unknown as Any
  const references = [owner, parent].filter((reference) => reference !== null)
  const keys = Object.fromEntries(references.map(({ field }) => [field, immutable(uuid)]))

  return {
    ...{ sequence: null, hasTombstone: false, isCached: false },
    ...rest,
    columns: {
      id: immutable(uuid),
      ...columns,
      ...keys,
      ...(removed && { version: integer }),
      createdAt: immutable(time),
      ...(removed && { updatedAt: time }),
    },
    ...{ owner, parent, references, removed },
    lists: { filters: [], orders: [], requiredFilter: null, flags: {}, ...lists },
  }
}

/** The dependents that are removed with one, children first: each with its references to removed ones. */
export function dependentsOf(root: Aggregate, all: Aggregates): readonly Aggregate[] {
  const direct = Object.values(all).filter(({ references }) => references.some(({ to }) => to === root))
  return [...new Set(direct.flatMap((one) => [...dependentsOf(one, all), one]))]
}

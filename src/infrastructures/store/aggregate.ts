import type { DomainEvent, EventType } from '../../domains/events/domain-event.ts'

/** A stored entity: an aggregate of the domain, or a record that belongs to one. */
export type Entity = Readonly<{ id: string }>

/** An aggregate with versions, each of which raises an event. */
type Versioned = Entity & Readonly<{ version: number; createdAt: Date; updatedAt: Date }>

export type ColumnType = 'uuid' | 'text' | 'json' | 'integer' | 'boolean' | 'time'

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

type TypeOf<Value> = Value extends Date
  ? 'time'
  : Value extends boolean
    ? 'boolean'
    : Value extends number
      ? 'integer'
      : 'uuid' | 'text'
type ColumnOf<Value> = Column<TypeOf<NonNullable<Value>>> &
  (null extends Value ? { isNullable: true } : { isNullable?: never })

/** The columns that every aggregate has by itself. */
type Own = 'id' | 'version' | 'createdAt' | 'updatedAt'
type Columns<State> = { readonly [Field in Exclude<keyof State, Own>]: ColumnOf<State[Field]> }

/** A foreign key: the row of another table that must exist. */
export type Reference = Readonly<{
  field: string
  to: Aggregate
  /** The condition on that row when something is added to it; it holds until the transaction ends. */
  requires: Readonly<Record<string, unknown>> | null
  /** The error if that row is missing, or does not meet the condition. */
  otherwise: () => Error
  onDelete: 'cascade'
}>

type ReferenceTo<State, Target> = Readonly<{
  field: keyof State & string
  to: Aggregate<Target & Entity>
  requires?: Partial<Target>
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

/** An aggregate with an owner must say what happens when the owner is removed. */
type Owned<State, Owner> = State extends { ownerId: string } ? { owner: ReferenceTo<State, Owner> } : { owner?: never }

type Description<State extends Entity, Owner, Parent> = Owned<State, Owner> &
  Readonly<{
    type: string
    table: string
    columns: Columns<State>
    parent?: ReferenceTo<State, Parent>
    /** Thrown by `get` if there is none. */
    notFound: new () => Error
    lists?: Lists<keyof State & string>
    /** A hidden column that numbers the rows of an owner in the order of their commits. */
    sequence?: string
    /** A removed row stays in its last state, so that late news does not create it again. */
    hasTombstone?: boolean
    /** Whether reads by id may be cached. */
    isCached?: boolean
  }> &
  (State extends Versioned
    ? Readonly<{
        /** The event of one that is removed as a dependent. */
        removed: EventType<State>
      }>
    : { removed?: never })

declare const state: unique symbol

/** The description of one kind of aggregate, for every engine: all that stores and caches know about it. */
export type Aggregate<State extends Entity = Entity> = Readonly<{
  type: string
  table: string
  /** By the name of the field, in the order of the table. */
  columns: Readonly<Record<string, Column>>
  owner: Reference | null
  parent: Reference | null
  /** Those of the two that exist. */
  references: readonly Reference[]
  notFound: new () => Error
  lists: Required<Lists<string>>
  sequence: string | null
  hasTombstone: boolean
  isCached: boolean
  /** The event of one that is removed as a dependent; null for a kind without versions and events. */
  removed: AnyEventType | null
}> & { readonly [state]?: State }

type AnyEventType = Readonly<{
  type: string
  schemaVersion: string
  fields: readonly string[]
  of(state: never): DomainEvent
}>

export type Aggregates = Readonly<Record<string, Aggregate>>

/** An aggregate from its description. */
export function aggregate<State extends Entity, Owner = never, Parent = never>(
  description: Description<State, Owner, Parent>,
): Aggregate<State> {
  const { columns, owner, parent, lists, sequence, removed, ...rest } = description as Description<
    Versioned,
    Entity,
    Entity
  >
  const to = { owner: referenceOf(owner), parent: referenceOf(parent) }
  const references = [to.owner, to.parent].filter((reference) => reference !== null)
  const own: Record<string, Column> = { ...columns }
  for (const { field } of references) own[field] = immutable(uuid)

  return {
    hasTombstone: false,
    isCached: false,
    ...rest,
    columns: {
      id: immutable(uuid),
      ...own,
      ...(removed && { version: integer }),
      createdAt: immutable(time),
      ...(removed && { updatedAt: time }),
    },
    ...to,
    references,
    lists: { filters: [], orders: [], requiredFilter: null, flags: {}, ...lists },
    sequence: sequence ?? null,
    removed: removed ?? null,
  }
}

function referenceOf(reference: ReferenceTo<Versioned, Entity> | undefined): Reference | null {
  if (reference === undefined) return null
  const { otherwise: ErrorType, requires = null, ...rest } = reference
  return { ...rest, requires, otherwise: () => new ErrorType() }
}

/** The dependents that are removed with one, children first: each with its references to removed ones. */
export function dependentsOf(root: Aggregate, all: Aggregates): readonly Aggregate[] {
  const direct = Object.values(all).filter(({ references }) => references.some(({ to }) => to === root))
  return [...new Set(direct.flatMap((one) => [...dependentsOf(one, all), one]))]
}

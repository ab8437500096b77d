import { randomUUID } from 'node:crypto'
import type { DomainEvent } from '../../src/domains/events/domain-event.ts'
import type {
  Aggregate,
  Aggregates,
  Column,
  ColumnType,
  Entity,
  Reference,
} from '../../src/infrastructures/store/aggregate.ts'
import type { RecordedChange } from '../../src/infrastructures/store/operation.ts'
import type { EventEnvelope, Opened } from './opened.ts'

export type Fields = Readonly<Record<string, unknown>>
export type Known = Fields & Entity

/** For each aggregate one in which no field is null. */
export type SamplesOf<Of extends Aggregates> = {
  readonly [Name in keyof Of]: Of[Name] extends Aggregate<infer State> ? State : never
}

export type AggregateWorld = ReturnType<typeof aggregateWorld>

/** A store that keeps what is derived from samples: each has an id of its own, and all that it refers to. */
export function aggregateWorld(opened: Opened, aggregates: Aggregates, samples: ReadonlyMap<Aggregate, Fields>) {
  const { driver } = opened

  const sampleOf = (aggregate: Aggregate): Fields => samples.get(aggregate) ?? {}

  /** Not kept yet; whatever it refers to is, and is what it must be. */
  async function prepared(aggregate: Aggregate, fields: Fields = {}): Promise<Known> {
    const targets: Record<string, unknown> = {}
    for (const { field, to } of aggregate.references) {
      if (fields[field] === undefined) targets[field] = (await kept(to, demandsOn(to, aggregates))).id
    }
    return {
      ...sampleOf(aggregate),
      ...(aggregate.removed && { version: 1 }),
      id: randomUUID(),
      ...targets,
      ...fields,
    }
  }

  async function kept(aggregate: Aggregate, fields: Fields = {}): Promise<Known> {
    const state = await prepared(aggregate, fields)
    await commit('add', aggregate, state)
    return state
  }

  const commit = (kind: RecordedChange['kind'], of: Aggregate, state: Known): Promise<void> =>
    driver.commit([{ kind, of, state, event: eventOf(of, state), traceparent: null }])

  const eventsOf = async (id: string, version: number): Promise<readonly EventEnvelope[]> =>
    (await opened.outbox()).filter((event) => event.subject === id && event.version === version)

  return { driver, sampleOf, prepared, kept, commit, eventsOf }
}

/** What others demand of the one to which they refer. */
export const demandsOn = (aggregate: Aggregate, aggregates: Aggregates): Fields =>
  Object.assign({}, ...referencesTo(aggregate, aggregates).map(({ requires }) => requires))

const referencesTo = (aggregate: Aggregate, aggregates: Aggregates): readonly Reference[] =>
  Object.values(aggregates)
    .flatMap(({ references }) => references)
    .filter(({ to }) => to === aggregate)

/** The event of a change, whichever it is: all of one aggregate carry the same fields. */
export const eventOf = ({ removed }: Aggregate, state: Fields): DomainEvent | null =>
  removed?.of(state as never) ?? null

const OTHERS: Readonly<Record<ColumnType, (value: never) => unknown>> = {
  uuid: () => randomUUID(),
  text: (value: string) => `${value}, changed`,
  json: (value: unknown) => value,
  integer: (value: number) => value + 1,
  boolean: (value: boolean) => !value,
  time: (value: Date) => new Date(value.getTime() + 1_001),
}

/** Another value for a column. */
export const otherThan = (value: unknown, { type }: Column): unknown => OTHERS[type](value as never)

/** The next version, in which the fields of these columns have other values. */
export function changed({ columns, removed }: Aggregate, state: Known, which: (column: Column) => boolean): Known {
  const others = Object.entries(columns).filter(
    ([field, column]) => which(column) && field !== 'id' && field !== 'version',
  )
  return {
    ...state,
    ...Object.fromEntries(others.map(([field, column]) => [field, otherThan(state[field], column)])),
    ...(removed && { version: Number(state['version']) + 1 }),
  }
}

/** Whatever may be null is. */
export const emptied = <State extends Fields>({ columns }: Aggregate, state: State): State => ({
  ...state,
  ...Object.fromEntries(
    Object.entries(columns).flatMap(([field, { isNullable }]) => (isNullable ? [[field, null]] : [])),
  ),
})

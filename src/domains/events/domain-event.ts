/**
 * A change that happened to one aggregate. `subject` is its id, and with `version` names the change; `data` is its public
 * form after the change.
 */
export type DomainEvent = Readonly<{
  type: string
  subject: string
  version: number
  time: Date
  /** `major.minor`: the minor grows with each new field, the major when readers of older events cannot understand newer ones. */
  schemaVersion: string
  data: object
}>

type Aggregate = Readonly<{ id: string; version: number; updatedAt: Date }>

/** A type of event: the fields of an aggregate that it contains, one by one, so that no new field becomes public by accident. */
export type EventType<State extends Aggregate = never, Field extends keyof State = keyof State> = Readonly<{
  type: string
  schemaVersion: string
  fields: readonly Field[]
  /** The event of a change; `state` is the aggregate after it, whose `updatedAt` is the time of the change. */
  of(state: State): DomainEvent
}>

/** The events of one kind of aggregate, which all contain the same public fields. */
export const eventsOf =
  <State extends Aggregate>() =>
  <Name extends string, Field extends keyof State & string>(
    schemaVersion: string,
    fields: readonly Field[],
    types: Readonly<Record<Name, string>>,
  ) => {
    const dataOf = (state: State) =>
      Object.fromEntries(fields.map((field) => [field, state[field]])) as Pick<State, Field>
    const eventType = (type: string): EventType<State, Field> => ({
      type,
      schemaVersion,
      fields,
      of: (state) => ({
        type,
        subject: state.id,
        version: state.version,
        time: state.updatedAt,
        schemaVersion,
        data: dataOf(state),
      }),
    })
    return Object.fromEntries(Object.entries<string>(types).map(([name, type]) => [name, eventType(type)])) as Readonly<
      Record<Name, EventType<State, Field>>
    >
  }

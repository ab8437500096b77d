import type { DomainEvent } from '../../domains/events/domain-event.ts'
import type { IdempotentResults } from '../../domains/ports/idempotency-keys.ts'
import type { Inbox } from '../../domains/ports/inbox.ts'
import type { Repository } from '../../domains/ports/repository.ts'
import type { Outbox } from '../../domains/ports/unit-of-work.ts'
import { serialize } from '../../patterns/serialization.ts'
import type { Aggregate, Aggregates, Entity } from './aggregate.ts'
import type { StoreDriver } from './driver.ts'
import type { Change, Operation, RecordedChange } from './operation.ts'
import { required } from './required.ts'

/** A unit of work over these aggregates, each under its name. */
export type UnitOfWorkOf<Of extends Aggregates> = Readonly<
  { [Name in keyof Of]: Of[Name] extends Aggregate<infer State> ? Repository<State> : never } & {
    outbox: Outbox
    inbox: Inbox
    results: IdempotentResults
  }
>

/** A unit of work that reads the store, sees its own changes, and only records operations. */
export function recordingUnitOfWork<Of extends Aggregates>(
  driver: Pick<StoreDriver, 'reader'>,
  aggregates: Of,
  log: ChangeLog,
): UnitOfWorkOf<Of> {
  const overlay = createOverlay((aggregate, id) => driver.reader(aggregate).find(id))
  const repositories = Object.entries(aggregates).map(([name, aggregate]) => [
    name,
    repository(aggregate, overlay, log),
  ])

  return {
    ...Object.fromEntries(repositories),
    outbox: { add: async (event) => log.raise(event) } satisfies Outbox,
    inbox: { markProcessed: async (message) => log.add({ kind: 'mark-processed', message }) } satisfies Inbox,
    results: {
      save: async (reservation, result) => log.add({ kind: 'save-result', reservation, result: serialize(result) }),
    } satisfies IdempotentResults,
  }
}

function repository<State extends Entity>(
  of: Aggregate<State>,
  overlay: ReturnType<typeof createOverlay>,
  log: ChangeLog,
): Repository<State> {
  const { notFound: Missing } = of

  async function find(id: string): Promise<State | null> {
    log.assertOpen()
    return (await overlay.find(of, id)) as State | null
  }

  return {
    find,

    get: required(find, Missing),

    async add(state) {
      log.change({ kind: 'add', of, state })
      overlay.set(of, state)
    },

    async save(state) {
      log.change({ kind: 'save', of, state })
      overlay.set(of, state)
    },

    async remove(state) {
      log.change({ kind: 'remove', of, state })
      overlay.remove(of, state)
    },
  }
}

type Read = (aggregate: Aggregate, id: string) => Promise<Entity | null>
type Own = Readonly<{ state: Entity | null; after: number }>

/**
 * What a unit of work sees: the stored aggregates, overlaid by its own changes. It reads each one once: else a decision by an
 * older version could be committed on top of a newer one.
 */
function createOverlay(read: Read) {
  const changed = perAggregate<Own>()
  const seen = perAggregate<Promise<Entity | null>>()
  const removed: Readonly<{ from: Aggregate; id: string }>[] = []

  function readOnce(aggregate: Aggregate, id: string): Promise<Entity | null> {
    const before = seen(aggregate).get(id)
    if (before !== undefined) return before
    const reading = read(aggregate, id)
    seen(aggregate).set(id, reading)
    return reading
  }

  async function find(aggregate: Aggregate, id: string): Promise<Entity | null> {
    const own = changed(aggregate).get(id)
    const state = own === undefined ? await readOnce(aggregate, id) : own.state
    return state === null || (await wasRemovedWith(aggregate, state, own?.after ?? 0)) ? null : state
  }

  /** Whether this unit has removed its owner or parent since. */
  async function wasRemovedWith(aggregate: Aggregate, state: Entity, since: number): Promise<boolean> {
    if (removed.length === since) return false
    for (const { field, to } of aggregate.references) {
      const id = (state as unknown as Readonly<Record<string, string>>)[field] ?? ''
      if (removed.slice(since).some((gone) => gone.from === to && gone.id === id)) return true
      if (to.references.length > 0 && (await find(to, id)) === null) return true
    }
    return false
  }

  return {
    find,

    set(aggregate: Aggregate, state: Entity): void {
      changed(aggregate).set(state.id, { state, after: removed.length })
    },

    /** Removes it with its dependents. Only a tombstone stays visible. */
    remove(aggregate: Aggregate, state: Entity): void {
      removed.push({ from: aggregate, id: state.id })
      changed(aggregate).set(state.id, { state: aggregate.hasTombstone ? state : null, after: removed.length })
    },
  }
}

function perAggregate<Value>() {
  const maps = new Map<Aggregate, Map<string, Value>>()
  return (aggregate: Aggregate): Map<string, Value> => {
    const known = maps.get(aggregate) ?? new Map<string, Value>()
    maps.set(aggregate, known)
    return known
  }
}

export type ChangeLog = ReturnType<typeof createChangeLog>

/** The operations of a unit of work. Each change of an aggregate with versions is paired with the one event that it raises. */
export function createChangeLog(traceparent: string | null = null) {
  const operations: Operation[] = []
  let isClosed = false

  function assertOpen(): void {
    if (isClosed) throw new Error('This unit of work is over: nothing more can be done in it.')
  }

  return {
    assertOpen,

    change(change: Change): void {
      assertOpen()
      operations.push({ ...change, event: null, traceparent })
    },

    add(operation: Exclude<Operation, RecordedChange>): void {
      assertOpen()
      operations.push(operation)
    },

    /** @throws when no change waits for this event */
    raise(event: DomainEvent): void {
      assertOpen()
      const index = operations.findIndex((operation) => awaits(operation, event))
      if (index < 0) throw new Error(`No change of this unit of work raises ${event.type}.`)
      operations[index] = { ...(operations[index] as RecordedChange), event }
    },

    /** @throws when a change raised no event */
    operations(): readonly Operation[] {
      const withoutEvent = operations.find(lacksEvent)
      if (withoutEvent !== undefined)
        throw new Error(`A change (${withoutEvent.kind} ${withoutEvent.of.type}) raised no event.`)
      return operations
    },

    close(): void {
      isClosed = true
    },
  }
}

const lacksEvent = (operation: Operation): operation is RecordedChange =>
  'of' in operation && operation.of.removed !== null && operation.event === null

const awaits = (operation: Operation, { subject, version }: DomainEvent): boolean =>
  lacksEvent(operation) &&
  operation.state.id === subject &&
  (operation.state as { version?: number }).version === version

import type { DomainEvent } from '../../domains/events/domain-event.ts'
import type { IdempotentResults } from '../../domains/ports/idempotency-keys.ts'
import type { Inbox } from '../../domains/ports/inbox.ts'
import type { Repository } from '../../domains/ports/repository.ts'
import type { Outbox } from '../../domains/ports/unit-of-work.ts'
import { serialize } from '../../patterns/serialization.ts'
import type { Aggregate, Aggregates, Entity } from './aggregate.ts'
import type { StoreDriver } from './driver.ts'
import type { Change, Operation, RecordedChange } from './operation.ts'
import { createOverlay } from './overlay.ts'
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

import type { DomainEvent } from '../../domains/events/domain-event.ts'
import type { Answers } from '../../domains/ports/idempotency-keys.ts'
import type { Inbox } from '../../domains/ports/inbox.ts'
import type { Repository } from '../../domains/ports/repository.ts'
import type { Outbox } from '../../domains/ports/unit-of-work.ts'
import { writePlain } from '../../patterns/plain-data.ts'
import type { Aggregate, Aggregates, Kept } from './aggregate.ts'
import type { StoreDriver } from './driver.ts'
import type { Change, Operation, RecordedChange } from './operation.ts'
import { createOverlay } from './overlay.ts'

/** A unit of work over these aggregates, each under its name. */
export type UnitOfWorkOf<Of extends Aggregates> = Readonly<
  { [Name in keyof Of]: Of[Name] extends Aggregate<infer State> ? Repository<State> : never } & {
    outbox: Outbox
    inbox: Inbox
    answers: Answers
  }
>

/** A unit of work that reads what is kept, sees its own changes, and only writes down what is to be done. */
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
    inbox: { take: async (message) => log.add({ verb: 'mark-processed', message }) } satisfies Inbox,
    answers: {
      keep: async (reservation, answer) => log.add({ verb: 'save-result', reservation, result: writePlain(answer) }),
    } satisfies Answers,
  }
}

function repository<State extends Kept>(
  of: Aggregate<State>,
  overlay: ReturnType<typeof createOverlay>,
  log: ChangeLog,
): Repository<State> {
  const { missing: Missing } = of

  async function find(id: string): Promise<State | null> {
    log.mustBeOpen()
    return (await overlay.find(of, id)) as State | null
  }

  return {
    find,

    async get(id) {
      const found = await find(id)
      if (found === null) throw new Missing()
      return found
    },

    async add(state) {
      log.change({ verb: 'add', of, state })
      overlay.set(of, state)
    },

    async save(state) {
      log.change({ verb: 'save', of, state })
      overlay.set(of, state)
    },

    async remove(state) {
      log.change({ verb: 'remove', of, state })
      overlay.remove(of, state)
    },
  }
}

export type ChangeLog = ReturnType<typeof createChangeLog>

/** The list of what a unit of work asks for. Each change of what has versions takes the one event that it raises. */
export function createChangeLog() {
  const operations: Operation[] = []
  let isOver = false

  function mustBeOpen(): void {
    if (isOver) throw new Error('This unit of work is over: nothing more can be done in it.')
  }

  return {
    mustBeOpen,

    change(change: Change): void {
      mustBeOpen()
      operations.push({ ...change, event: null })
    },

    add(operation: Exclude<Operation, RecordedChange>): void {
      mustBeOpen()
      operations.push(operation)
    },

    /** @throws when no change waits for this event */
    raise(event: DomainEvent): void {
      mustBeOpen()
      const index = operations.findIndex((operation) => awaits(operation, event))
      if (index < 0) throw new Error(`No change of this unit of work raises ${event.type}.`)
      operations[index] = { ...(operations[index] as RecordedChange), event }
    },

    /** @throws when a change raised no event */
    operations(): readonly Operation[] {
      const silent = operations.find(lacksEvent)
      if (silent !== undefined) throw new Error(`A change (${silent.verb} ${silent.of.noun}) raised no event.`)
      return operations
    },

    close(): void {
      isOver = true
    },
  }
}

const lacksEvent = (operation: Operation): operation is RecordedChange =>
  'of' in operation && operation.of.removed !== null && operation.event === null

const awaits = (operation: Operation, { subject, version }: DomainEvent): boolean =>
  lacksEvent(operation) &&
  operation.state.id === subject &&
  (operation.state as { version?: number }).version === version

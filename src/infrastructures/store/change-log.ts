import type { DomainEvent } from '../../domains/events/domain-event.ts'
import type { Change, Operation, RecordedChange } from './operation.ts'

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

import type { DomainEvent } from '../../domains/entities/event.ts'
import type { AnnouncedChange, Change, SetRemoval, SilentChange, UnannouncedChange } from './change.ts'

type Entry = UnannouncedChange | AnnouncedChange | SetRemoval | SilentChange

export type ChangeRecord = ReturnType<typeof openRecord>

/** The list of what a unit of work asks for. Each change of an aggregate takes the one event that announces it. */
export function openRecord() {
  const entries: Entry[] = []
  let isOver = false

  function mustBeOpen(): void {
    if (isOver) throw new Error('This unit of work is over: nothing more can be done in it.')
  }

  return {
    mustBeOpen,

    add(change: UnannouncedChange | SetRemoval | SilentChange): void {
      mustBeOpen()
      entries.push(change)
    },

    /** @throws when no change waits for this event */
    announce(event: DomainEvent): void {
      mustBeOpen()
      const index = entries.findIndex((entry) => awaits(entry, event))
      if (index < 0) throw new Error(`${event.type} announces no change of this unit of work.`)
      entries[index] = { ...(entries[index] as UnannouncedChange), event }
    },

    /** @throws when a change was not announced */
    changes(): readonly Change[] {
      const unannounced = entries.find(isUnannounced)
      if (unannounced !== undefined)
        throw new Error(`A change (${unannounced.verb} ${unannounced.noun}) was not announced.`)
      return entries as Change[]
    },

    close(): void {
      isOver = true
    },
  }
}

const isUnannounced = (entry: Entry): entry is UnannouncedChange => 'state' in entry && !('event' in entry)

const awaits = (entry: Entry, event: DomainEvent): boolean =>
  isUnannounced(entry) && entry.state.id === event.subject && entry.state.version === event.version

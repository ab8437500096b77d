import type { DomainEvent } from '../../../domains/entities/event.ts'
import { uuidV7 } from '../../identifiers/uuid-v7.ts'
import type { Aggregates, Noun } from '../change.ts'
import type { MemoryState, Table } from './memory-state.ts'

export type MemoryDraft = ReturnType<typeof openDraft>

/** The state with changes on top of it that can be taken back. */
export function openDraft(state: MemoryState, now: () => number) {
  const undo: (() => void)[] = []
  const table = <Of extends Noun>(noun: Of) => state[noun] as Table<Aggregates[Of]>

  function putInto<State>(kept: Table<State>, id: string, next: State | null): void {
    const before = kept.get(id)
    undo.push(() => set(kept, id, before ?? null))
    set(kept, id, next)
  }

  return {
    state,
    now,
    putInto,

    find: <Of extends Noun>(noun: Of, id: string): Aggregates[Of] | null => table(noun).get(id) ?? null,

    all: <Of extends Noun>(noun: Of): readonly Aggregates[Of][] => [...table(noun).values()],

    put: <Of extends Noun>(noun: Of, id: string, next: Aggregates[Of] | null): void => putInto(table(noun), id, next),

    publish({ data, ...event }: DomainEvent): void {
      undo.push(() => void state.outbox.pop())
      state.outbox.push({ ...event, id: uuidV7(), data: JSON.stringify(data) })
    },

    rollBack(): void {
      for (const step of undo.reverse()) step()
    },
  }
}

function set<State>(table: Table<State>, id: string, state: State | null): void {
  if (state === null) table.delete(id)
  else table.set(id, state)
}

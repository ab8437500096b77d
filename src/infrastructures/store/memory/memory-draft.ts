import type { DomainEvent } from '../../../domains/entities/event.ts'
import type { Aggregates, Noun } from '../change.ts'
import type { MemoryState, Table } from './memory-state.ts'

export type MemoryDraft = ReturnType<typeof openDraft>

/** The state with changes on top of it that can be taken back. */
export function openDraft(state: MemoryState) {
  const undo: (() => void)[] = []
  const table = <Of extends Noun>(noun: Of) => state[noun] as Table<Aggregates[Of]>

  return {
    find: <Of extends Noun>(noun: Of, id: string): Aggregates[Of] | null => table(noun).get(id) ?? null,

    all: <Of extends Noun>(noun: Of): readonly Aggregates[Of][] => [...table(noun).values()],

    put<Of extends Noun>(noun: Of, id: string, next: Aggregates[Of] | null): void {
      const before = table(noun).get(id)
      undo.push(() => set(table(noun), id, before ?? null))
      set(table(noun), id, next)
    },

    publish(event: DomainEvent): void {
      undo.push(() => void state.outbox.pop())
      state.outbox.push(event)
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

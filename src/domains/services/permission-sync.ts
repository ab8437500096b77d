import { isIdentifier } from '../entities/identifier.ts'
import type { EventType } from '../events/domain-event.ts'
import type { Resource } from '../ports/authorization.ts'
import type { PermissionMirror, Standing, Thing } from '../ports/permission-mirror.ts'
import type { Reader } from '../ports/repository.ts'
import type { Store } from '../ports/store.ts'

/** A type of object whose permissions follow the store. */
export type PermissionSource = Readonly<{
  type: string
  /** The events that may change them. */
  events: readonly Pick<EventType, 'type' | 'schemaVersion'>[]
  /** The state that they follow from; null if the object is gone or never existed. */
  standing(store: Store, id: string): Promise<Standing | null>
  /** The objects that have an owner, if this type has one. */
  owned?(store: Store): Pick<Reader<Owned, object>, 'list'>
}>

type Owned = Resource & Readonly<{ createdAt: Date }>

/** Objects with an owner, and the events that add and remove them. */
export const ownedThings = <State extends Owned>(
  type: string,
  readerOf: (store: Store) => Pick<Reader<State, object>, 'find' | 'list'>,
  events: PermissionSource['events'],
): PermissionSource => ({
  type,
  events,
  standing: async (store, id) => (isIdentifier(id) ? readerOf(store).find(id) : null),
  owned: readerOf,
})

/** Keeps the permissions in an engine equal to the store. */
export interface PermissionSync {
  /** Call after an event about an object: the permissions then follow its state in the store, whatever the event says. */
  follow(thing: Thing): Promise<void>
}

type Needs = Readonly<{ store: Store; mirror: PermissionMirror; sources: readonly PermissionSource[] }>

/**
 * Reads the store, sets the permissions, and reads again: so a process that was paused in between does not bring back the
 * permissions of a removed object. A removed object never returns and an owner never changes, so twice is enough.
 */
export function createPermissionSync({ store, mirror, sources }: Needs): PermissionSync {
  const byType = new Map(sources.map((source) => [source.type, source]))

  return {
    async follow(thing) {
      const source = byType.get(thing.type)
      if (source === undefined) return
      const standing = await source.standing(store, thing.id)
      await mirror.set(thing, standing)
      if (standing === null || (await source.standing(store, thing.id)) !== null) return
      await mirror.set(thing, null)
    },
  }
}

import { isIdentifier } from '../entities/identifier.ts'
import type { EventType } from '../events/domain-event.ts'
import type { Resource } from '../ports/authorization.ts'
import type { PermissionMirror, Standing, Thing } from '../ports/permission-mirror.ts'
import type { Reader } from '../ports/repository.ts'
import type { Store } from '../ports/store.ts'

/** A type of thing whose permissions follow the store. */
export type PermissionSource = Readonly<{
  type: string
  /** The events after which they may differ. */
  events: readonly Pick<EventType, 'type' | 'schemaVersion'>[]
  /** What they follow from now; null of what is gone. Others may have given permissions on ids that never were. */
  standing(store: Store, id: string): Promise<Standing | null>
  /** Those that have an owner, if this type has one. */
  owned?(store: Store): Pick<Reader<Owned, object>, 'list'>
}>

type Owned = Resource & Readonly<{ createdAt: Date }>

/** Things with an owner, and the events by which they come and go. */
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

/** Lets the permissions that an engine keeps follow the store. */
export interface PermissionSync {
  /** Something happened to a thing: the permissions follow what the store says of it now, whatever was told. */
  follow(thing: Thing): Promise<void>
}

type Needs = Readonly<{ store: Store; mirror: PermissionMirror; sources: readonly PermissionSource[] }>

/**
 * What the store says is looked up, set, and looked up again: a process that was paused in between does not bring back
 * permissions on what has gone meanwhile. What is gone never returns, and an owner never changes, so twice is enough.
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

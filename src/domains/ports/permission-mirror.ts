import type { Resource } from './authorization.ts'

/** An object or a subject of permissions in an engine. */
export type Thing = Readonly<{ type: string; id: string }>

/** The state of an existing object from which its permissions follow. */
export type Standing = Readonly<{ ownerId: Resource['ownerId'] | null }>

/** A permission, in the notation of the engine, that is missing there or should not be there. */
export type Difference = Readonly<{ kind: 'missing' | 'left over'; permission: string }>

/** A permission in an engine. */
export type Held = Readonly<{
  /** In the notation of the engine; null for what an operator gave, which does not follow from the store. */
  permission: string | null
  on: Thing
  to: Thing
}>

/**
 * The permissions in an engine, outside the store. They follow the store, so each call may be repeated.
 * All methods throw {@link DependencyUnavailable}.
 */
export interface PermissionMirror {
  /**
   * Sets the permissions of an object to those that follow from its state. If it is gone (null), deletes all permissions
   * on it and all that it has, also those that an operator wrote.
   */
  set(thing: Thing, standing: Standing | null): Promise<void>

  /** What `set` would change. */
  differences(thing: Thing, standing: Standing | null): Promise<readonly Difference[]>

  /** The permissions that follow from the state of an object. It asks no engine. */
  due(thing: Thing, standing: Standing): readonly string[]

  /** All permissions, each once, in batches. */
  held(): AsyncIterable<readonly Held[]>
}

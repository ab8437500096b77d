import type { Resource } from './authorization.ts'

/** An object or a subject of permissions in an engine. */
export type Thing = Readonly<{ type: string; id: string }>

/** The state of an existing object from which its permissions follow. */
export type Standing = Readonly<{ ownerId: Resource['ownerId'] | null }>

/** A permission, in the notation of the engine, that is missing there or should not be there. */
export type Difference = Readonly<{ kind: 'missing' | 'left over'; permission: string }>

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

  /** All objects that permissions name, in batches; one may occur several times. */
  things(): AsyncIterable<readonly Thing[]>
}

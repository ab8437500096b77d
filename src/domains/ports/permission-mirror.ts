import type { Resource } from './authorization.ts'

/** Something on which an engine keeps permissions, or to which it gives them. */
export type Thing = Readonly<{ type: string; id: string }>

/** What the permissions of a thing that exists follow from. */
export type Standing = Readonly<{ ownerId: Resource['ownerId'] | null }>

/** A permission, in the words of the engine, that is missing there, or is there for no reason. */
export type Difference = Readonly<{ kind: 'missing' | 'left over'; permission: string }>

/**
 * The permissions that an engine keeps outside the store. They follow the store, so each call may be repeated.
 * All methods throw {@link DependencyUnavailable}.
 */
export interface PermissionMirror {
  /**
   * Makes what the engine keeps of a thing what follows from its standing. Of a thing that is gone (null) nothing
   * remains, whoever gave the permission: neither those on it nor its own.
   */
  set(thing: Thing, standing: Standing | null): Promise<void>

  /** What `set` would change. */
  differences(thing: Thing, standing: Standing | null): Promise<readonly Difference[]>

  /** All things that permissions name, in portions; one may come several times. */
  things(): AsyncIterable<readonly Thing[]>
}

import type { Actor } from '../entities/actor.ts'

/** What callers may be allowed to do with a thing that exists. */
export type Action = 'update' | 'delete'

/** A thing, with the owner that the store has recorded. */
export type Resource = Readonly<{ id: string; ownerId: Actor['userId'] }>

/**
 * Returns if the actor may do it. A rule that needs no engine answers at once, without a promise; where an engine has to
 * be asked, one permit asks once for the same thing, however often a unit of work runs again.
 *
 * @throws {Forbidden} if the actor may not
 * @throws {DependencyUnavailable} if the engine does not answer: nothing is allowed then
 */
export type Permit = (actor: Actor, resource: Resource) => Promise<void> | void

/** Decides who may change what exists. */
export interface Authorization {
  /** The permit for one command: an action on a thing of a type, such as `update` on a `post`. */
  permit(type: string, action: Action): Permit
}

import type { Actor } from '../entities/actor.ts'

/** The actions on existing objects that need a permission. */
export type Action = 'update' | 'delete'

/** An object, with its owner by the store. */
export type Resource = Readonly<{ id: string; ownerId: Actor['userId'] }>

/**
 * Returns if the actor may do it. A rule without an engine returns at once, without a promise; with an engine, one permit
 * asks once for the same object, however often a unit of work runs again.
 *
 * @throws {Forbidden} if the actor may not
 * @throws {DependencyUnavailable} if the engine does not answer: then nothing is permitted
 */
export type Permit = (actor: Actor, resource: Resource) => Promise<void> | void

/** Decides who may change what exists. */
export interface Authorization {
  /** The permit for one command: an action on a thing of a type, such as `update` on a `post`. */
  permit(type: string, action: Action): Permit
}

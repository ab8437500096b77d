import type { Actor } from '../../../domains/entities/actor.ts'
import { Forbidden } from '../../../domains/errors/access-errors.ts'
import type { Authorization, Resource } from '../../../domains/ports/authorization.ts'
import type { Call } from './openfga-client.ts'
import type { Target } from './target.ts'
import { superAdmin, tuplesOf } from './tuples.ts'

/**
 * Asks OpenFGA, one call for one decision. The call carries the owner from the store and the role from the token, as
 * contextual tuples, so that it is right before the tuples of a new thing have arrived; the stored ones may allow more.
 */
export function openFgaAuthorization(call: Call, target: () => Promise<Target>): Authorization {
  async function assertAllowed(relation: string, type: string, actor: Actor, resource: Resource): Promise<void> {
    const { store, model } = await target()
    const object = `${type}:${resource.id}`
    const owned = tuplesOf(object, resource)
    const { allowed } = await call(`/stores/${store}/check`, {
      body: {
        authorization_model_id: model,
        tuple_key: { user: `user:${actor.userId}`, relation, object },
        contextual_tuples: { tuple_keys: actor.isSuperAdmin ? [...owned, superAdmin(actor.userId)] : owned },
        consistency: 'HIGHER_CONSISTENCY',
      },
    })
    if (allowed !== true) throw new Forbidden('You may not change or delete it.')
  }

  return {
    permit(type, action) {
      const decisions = new Map<string, Promise<void>>()

      return (actor, resource) => {
        const question = `${actor.userId} ${resource.id}`
        const decision = decisions.get(question) ?? assertAllowed(`can_${action}`, type, actor, resource)
        decisions.set(question, decision)
        return decision
      }
    },
  }
}

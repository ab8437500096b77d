import { Actor } from '../../../domains/entities/actor.ts'
import type { Authorization } from '../../../domains/ports/authorization.ts'

/** The rule of the domain itself: the owner, and super admins. It asks nobody, so it answers at once. */
export const builtinAuthorization: Authorization = { permit: () => Actor.assertOwner }

import { Actor } from '../../../domains/entities/actor.ts'
import type { Authorization } from '../../../domains/ports/authorization.ts'

/** The rule of the domain itself: the owner, and super admins. It calls no engine, so it decides at once. */
export const builtinAuthorization: Authorization = { permit: () => Actor.assertOwner }

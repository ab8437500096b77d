import { Forbidden } from '../errors/access-errors.ts'
import type { Profile, UserId } from './user.ts'

/** Who is calling, as the identity provider vouches for it. */
export type Actor = Readonly<{ userId: UserId; profile: Profile; isSuperAdmin: boolean }>

export const Actor = {
  /** @throws {Forbidden} unless the actor owns the thing or is a super admin */
  mustOwn(actor: Actor, { ownerId }: Readonly<{ ownerId: UserId }>): void {
    if (actor.userId !== ownerId && !actor.isSuperAdmin) throw new Forbidden('Only its owner may change or delete it.')
  },
}

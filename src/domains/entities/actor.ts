import { Forbidden } from '../errors/access-errors.ts'
import type { Vouched } from './identity-record.ts'
import type { Profile, UserId } from './user.ts'

/** Who is calling, as the identity provider vouches for it. */
export type Actor = Readonly<{
  userId: UserId
  profile: Profile
  isSuperAdmin: boolean
  /** What else the provider says of the actor; without it, nothing of the mirror follows the actor's token. */
  vouched?: Vouched
}>

export const Actor = {
  /** @throws {Forbidden} unless the actor owns the thing or is a super admin */
  assertOwner(actor: Actor, { ownerId }: Readonly<{ ownerId: UserId }>): void {
    if (actor.userId !== ownerId && !actor.isSuperAdmin) throw new Forbidden('Only its owner may change or delete it.')
  },
}

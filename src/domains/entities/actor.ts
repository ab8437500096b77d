import { Forbidden } from '../errors/access-errors.ts'
import type { Vouched } from './identity-record.ts'
import type { Profile, UserId } from './user.ts'

/** The caller, as the identity provider describes it. */
export type Actor = Readonly<{
  userId: UserId
  profile: Profile
  isSuperAdmin: boolean
  /** What else the token says; without it, the mirror is not updated from the token. */
  vouched?: Vouched
}>

export const Actor = {
  /** @throws {Forbidden} unless the actor owns the thing or is a super admin */
  assertOwner(actor: Actor, { ownerId }: Readonly<{ ownerId: UserId }>): void {
    if (actor.userId !== ownerId && !actor.isSuperAdmin) throw new Forbidden('Only its owner may change or delete it.')
  },
}

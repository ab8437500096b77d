import type { Branded } from '../../patterns/brand.ts'
import { AccountDisabled } from '../errors/access-errors.ts'
import { identifier } from './identifier.ts'
import { IdentityRecord, type Vouched } from './identity-record.ts'
import { notBefore } from './version.ts'

export type UserId = Branded<string, 'UserId'>
export const UserId = identifier<UserId>('id')

/** The profile of a person at the identity provider. */
export type Profile = Readonly<{ username: string; fullName: string | null; email: string | null }>

/** A person of the identity provider, mirrored here. A removed one stays as a tombstone without a profile. */
export type User = Readonly<
  Profile & {
    id: UserId
    /** The subject at the identity provider, if it is not the id. */
    subject: string | null
    isActive: boolean
    /** A serialized {@link IdentityRecord}: the time of each fact. */
    identityRecord: string | null
    version: number
    createdAt: Date
    updatedAt: Date
    removedAt: Date | null
  }
>

const EMPTY_PROFILE = { username: '', fullName: null, email: null, subject: null, identityRecord: null }

export type Change = Partial<Profile & Pick<User, 'isActive' | 'identityRecord'>>

export const User = {
  register: (id: UserId, { username, fullName, email }: Profile, at: Date, vouched?: Vouched): User => ({
    id,
    subject: vouched?.subject ?? null,
    username,
    fullName,
    email,
    isActive: true,
    identityRecord: vouched === undefined ? null : IdentityRecord.write(IdentityRecord.ofToken(vouched)),
    version: 1,
    createdAt: at,
    updatedAt: at,
    removedAt: null,
  }),

  change: (user: User, change: Change, at: Date): User => ({
    ...user,
    ...change,
    version: user.version + 1,
    updatedAt: notBefore(user.updatedAt, at),
  }),

  remove: (user: User, at: Date): User => ({
    ...User.change(user, { ...EMPTY_PROFILE, isActive: false }, at),
    removedAt: at,
  }),

  assertActive(user: User): void {
    if (!user.isActive) throw new AccountDisabled()
  },
}

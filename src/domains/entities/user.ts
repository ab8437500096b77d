import type { Branded } from '../../patterns/brand.ts'
import { AccountDisabled } from '../errors/access-errors.ts'
import { identifier } from './identifier.ts'
import { latest } from './version.ts'

export type UserId = Branded<string, 'UserId'>
export const UserId = identifier<UserId>('id')

/** What the identity provider knows of a person. */
export type Profile = Readonly<{ username: string; fullName: string | null; email: string | null }>

/** A person of the identity provider, mirrored here. A removed one stays as a tombstone without a profile. */
export type User = Readonly<
  Profile & {
    id: UserId
    isActive: boolean
    version: number
    createdAt: Date
    updatedAt: Date
    removedAt: Date | null
  }
>

const NOBODY: Profile = { username: '', fullName: null, email: null }

export const User = {
  register: (id: UserId, { username, fullName, email }: Profile, at: Date): User => ({
    id,
    username,
    fullName,
    email,
    isActive: true,
    version: 1,
    createdAt: at,
    updatedAt: at,
    removedAt: null,
  }),

  change: (user: User, change: Partial<Profile & { isActive: boolean }>, at: Date): User => ({
    ...user,
    ...change,
    version: user.version + 1,
    updatedAt: latest(user.updatedAt, at),
  }),

  remove: (user: User, at: Date): User => ({ ...User.change(user, { ...NOBODY, isActive: false }, at), removedAt: at }),

  mustBeActive(user: User): void {
    if (!user.isActive) throw new AccountDisabled()
  },
}

import type { Resource } from '../../../domains/ports/authorization.ts'

export type Tuple = Readonly<{ user: string; relation: string; object: string }>

/** All things belong to one system: its super admins may do everything. */
const SYSTEM = 'system:forum'

/** The relations that follow from the store. Others, which a larger model may have, belong to whoever writes them. */
export const MIRRORED = ['owner', 'system']

/** What holds of a thing because of its owner. */
export const tuplesOf = (object: string, { ownerId }: Pick<Resource, 'ownerId'>): readonly Tuple[] => [
  { user: `user:${ownerId}`, relation: 'owner', object },
  { user: SYSTEM, relation: 'system', object },
]

export const superAdmin = (userId: string): Tuple => ({
  user: `user:${userId}`,
  relation: 'super_admin',
  object: SYSTEM,
})

export const textOf = ({ user, relation, object }: Tuple): string => `${user} ${relation} ${object}`

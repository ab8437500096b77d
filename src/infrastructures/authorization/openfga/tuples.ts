import type { Resource } from '../../../domains/ports/authorization.ts'

export type Tuple = Readonly<{ user: string; relation: string; object: string }>

/** All objects belong to one system: its super admins may do everything. */
const SYSTEM = 'system:forum'

/** The relations that follow from the store. Other relations of a larger model belong to the operator who writes them. */
export const MIRRORED = ['owner', 'system']

/** The tuples that follow from the owner of an object. */
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

import { notBefore } from '../../../src/domains/entities/version.ts'
import { eventsOf } from '../../../src/domains/events/domain-event.ts'
import type { ReservationRequest } from '../../../src/domains/ports/idempotency-keys.ts'
import { aggregate, boolean, nullable, text, time } from '../../../src/infrastructures/store/aggregate.ts'
import { MemberNotFound } from './errors.ts'

/** Members are those who send requests. */
export type MemberId = ReservationRequest['userId']

/** Who owns things. A removed one stays as a tombstone. */
export type Member = Readonly<{
  id: MemberId
  name: string
  fullName: string | null
  email: string | null
  isActive: boolean
  version: number
  createdAt: Date
  updatedAt: Date
  removedAt: Date | null
}>

export const Member = {
  change: (member: Member, change: Partial<Member>, at: Date): Member => ({
    ...member,
    ...change,
    version: member.version + 1,
    updatedAt: notBefore(member.updatedAt, at),
  }),

  remove: (member: Member, at: Date): Member => ({
    ...Member.change(member, { name: '', fullName: null, email: null, isActive: false }, at),
    removedAt: at,
  }),
}

/** They contain only some fields of a member. */
export const MemberEvents = eventsOf<Member>()(
  '2.1',
  ['id', 'name', 'isActive', 'version', 'createdAt', 'updatedAt', 'removedAt'],
  { registered: 'member.registered', changed: 'member.changed', removed: 'member.removed' },
)

export const members = aggregate<Member>({
  type: 'member',
  table: 'members',
  columns: {
    name: text,
    fullName: nullable(text),
    email: nullable(text),
    isActive: boolean,
    removedAt: nullable(time),
  },
  notFound: MemberNotFound,
  hasTombstone: true,
  removed: MemberEvents.removed,
})

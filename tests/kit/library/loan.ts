import { Conflict } from '../../../src/domains/errors/change-errors.ts'
import {
  aggregate,
  immutable,
  nullable,
  text,
  time,
  uuid,
  writtenOnce,
} from '../../../src/infrastructures/store/aggregate.ts'
import { LoanNotFound } from './errors.ts'
import { type Member, type MemberId, members } from './member.ts'

/** Something silent: it has no versions and raises no events, and is numbered for each owner. */
export type Loan = Readonly<{
  id: string
  ownerId: MemberId
  bookId: string
  note: string | null
  createdAt: Date
  returnedAt: Date | null
}>

export const loans = aggregate<Loan, Member>({
  type: 'loan',
  table: 'loans',
  columns: { ownerId: uuid, bookId: immutable(uuid), note: nullable(text), returnedAt: writtenOnce(nullable(time)) },
  owner: { field: 'ownerId', to: members, requires: { removedAt: null }, otherwise: Conflict, onDelete: 'cascade' },
  notFound: LoanNotFound,
  lists: { orders: ['createdAt'], filters: ['ownerId'], requiredFilter: 'ownerId', flags: { open: 'returnedAt' } },
  sequence: 'number',
})

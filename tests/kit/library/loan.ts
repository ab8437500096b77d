import { Conflict } from '../../../src/domains/errors/change-errors.ts'
import {
  aggregate,
  fixed,
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
  noun: 'loan',
  table: 'loans',
  columns: { ownerId: uuid, bookId: fixed(uuid), note: nullable(text), returnedAt: writtenOnce(nullable(time)) },
  owner: { field: 'ownerId', to: members, mustBe: { removedAt: null }, otherwise: Conflict, whenRemoved: 'remove' },
  missing: LoanNotFound,
  lists: { orders: ['createdAt'], filters: ['ownerId'], alwaysBy: 'ownerId', flags: { open: 'returnedAt' } },
  sequence: 'number',
})

import { latest } from '../../../domains/entities/version.ts'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { AlreadyHandled, KeyInUse } from '../../../domains/errors/repetition-errors.ts'
import type { Reservation } from '../../../domains/ports/idempotency-keys.ts'
import type { IncomingMessage } from '../../../domains/ports/inbox.ts'
import { type Aggregate, type Aggregates, dependentsOf, type Kept, type Reference } from '../aggregate.ts'
import type { Operation, RecordedChange } from '../operation.ts'
import { pairOf } from './memory-state.ts'
import type { MemoryTransaction } from './memory-transaction.ts'

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (row: Kept): Fields => row as unknown as Fields

/** Applies one operation, or throws. */
export function applyOperation(transaction: MemoryTransaction, operation: Operation, all: Aggregates): void {
  if (operation.verb === 'mark-processed') markProcessed(transaction, operation.message)
  else if (operation.verb === 'save-result') saveResult(transaction, operation.reservation, operation.result)
  else applyChange(transaction, operation, all)
}

function applyChange(transaction: MemoryTransaction, change: RecordedChange, all: Aggregates): void {
  const { verb, of, state, event } = change
  const table = transaction.table(of)
  const kept = table.get(state.id)

  if (verb === 'add') for (const reference of of.references) mustHold(transaction, reference, state)
  if (verb === 'add' && kept !== undefined) throw new Conflict()
  if (verb === 'remove' && !of.keepsTombstone) removeDependents(transaction, change, all)
  if (of.removed !== null && versionOf(kept) !== versionOf(state) - 1) throw new Conflict()
  if (verb === 'remove' && !of.keepsTombstone) transaction.set(table, state.id, null)
  else if (verb === 'add' || kept !== undefined) transaction.set(table, state.id, merged(of, kept, state))
  if (event !== null) transaction.raise(event)

  if (verb === 'remove' && of.keepsTombstone) removeDependents(transaction, change, all)
}

const versionOf = (row: Kept | undefined): number => Number((row as { version?: number } | undefined)?.version ?? 0)

/** What is fixed, or written once, stays as it is. */
function merged({ columns }: Aggregate, kept: Kept | undefined, state: Kept): Kept {
  if (kept === undefined) return state
  const fields = Object.entries(columns).map(([field, { isFixed, isWrittenOnce }]) => {
    const before = fieldsOf(kept)[field]
    return [field, isFixed || (isWrittenOnce && before !== null) ? before : fieldsOf(state)[field]]
  })
  return Object.fromEntries(fields) as Kept
}

function mustHold(transaction: MemoryTransaction, { field, to, mustBe, otherwise }: Reference, state: Kept): void {
  const row = transaction.table(to).get(String(fieldsOf(state)[field]))
  const isFit =
    row !== undefined && Object.entries(mustBe ?? {}).every(([name, wanted]) => fieldsOf(row)[name] === wanted)
  if (!isFit) throw otherwise()
}

/** Removes all that goes with an aggregate, children first, each with its event. */
function removeDependents(transaction: MemoryTransaction, removal: RecordedChange, all: Aggregates): void {
  for (const one of dependentsOf(removal.of, all)) removeFrom(transaction, one, removal)
}

function removeFrom(transaction: MemoryTransaction, of: Aggregate, { of: root, state, event }: RecordedChange): void {
  const table = transaction.table(of)
  for (const row of [...table.values()]) {
    if (!goesWith(transaction, of, row, root, state.id)) continue
    transaction.set(table, row.id, null)
    if (of.removed === null || event === null) continue
    const last = {
      ...row,
      version: versionOf(row) + 1,
      updatedAt: latest(fieldsOf(row)['updatedAt'] as Date, event.time),
    }
    transaction.raise(of.removed.of(last as never))
  }
}

function goesWith(transaction: MemoryTransaction, of: Aggregate, row: Kept, root: Aggregate, id: string): boolean {
  return of.references.some(({ field, to }) => {
    const target = String(fieldsOf(row)[field])
    if (to === root) return target === id
    const parent = transaction.table(to).get(target)
    return parent !== undefined && goesWith(transaction, to, parent, root, id)
  })
}

function markProcessed({ state, now, set }: MemoryTransaction, message: IncomingMessage): void {
  const { handled, latest: last } = state
  const { consumer, id, subject, version } = message
  const isOvertaken = (last.get(pairOf(consumer, subject)) ?? 0) > version
  if (isOvertaken || handled.has(pairOf(consumer, id))) throw new AlreadyHandled()

  set(handled, pairOf(consumer, id), { message, handledAt: now() })
  set(last, pairOf(consumer, subject), version)
}

function saveResult({ state, set }: MemoryTransaction, { userId, key, token }: Reservation, answer: string): void {
  const known = state.key.get(pairOf(userId, key))
  if (known?.token !== token || known.answer !== null) throw new KeyInUse()
  set(state.key, pairOf(userId, key), { ...known, answer })
}

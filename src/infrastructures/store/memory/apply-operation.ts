import { notBefore } from '../../../domains/entities/version.ts'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { DuplicateMessage, IdempotencyKeyInUse } from '../../../domains/errors/idempotency-errors.ts'
import type { Reservation } from '../../../domains/ports/idempotency-keys.ts'
import type { IncomingMessage } from '../../../domains/ports/inbox.ts'
import { type Aggregate, type Aggregates, dependentsOf, type Entity, type Reference } from '../aggregate.ts'
import type { Operation, RecordedChange } from '../operation.ts'
import { compositeKey } from './memory-state.ts'
import type { MemoryTransaction } from './memory-transaction.ts'

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (row: Entity): Fields => row as unknown as Fields

/** Applies one operation, or throws. */
export function applyOperation(transaction: MemoryTransaction, operation: Operation, all: Aggregates): void {
  if (operation.kind === 'mark-processed') markProcessed(transaction, operation.message)
  else if (operation.kind === 'save-result') saveResult(transaction, operation.reservation, operation.result)
  else applyChange(transaction, operation, all)
}

function applyChange(transaction: MemoryTransaction, change: RecordedChange, all: Aggregates): void {
  const { kind, of, state, event } = change
  const table = transaction.table(of)
  const stored = table.get(state.id)

  if (kind === 'add') for (const reference of of.references) assertReference(transaction, reference, state)
  if (kind === 'add' && stored !== undefined) throw new Conflict()
  if (kind === 'remove' && !of.hasTombstone) removeDependents(transaction, change, all)
  if (of.removed !== null && versionOf(stored) !== versionOf(state) - 1) throw new Conflict()
  if (kind === 'remove' && !of.hasTombstone) transaction.set(table, state.id, null)
  else if (kind === 'add' || stored !== undefined) transaction.set(table, state.id, merged(of, stored, state))
  if (event !== null) transaction.raise(event, change.traceparent)

  if (kind === 'remove' && of.hasTombstone) removeDependents(transaction, change, all)
}

const versionOf = (row: Entity | undefined): number => Number((row as { version?: number } | undefined)?.version ?? 0)

/** Immutable and written-once columns keep their values. */
function merged({ columns }: Aggregate, stored: Entity | undefined, state: Entity): Entity {
  if (stored === undefined) return state
  const fields = Object.entries(columns).map(([field, { isImmutable, isWrittenOnce }]) => {
    const before = fieldsOf(stored)[field]
    return [field, isImmutable || (isWrittenOnce && before !== null) ? before : fieldsOf(state)[field]]
  })
  return Object.fromEntries(fields) as Entity
}

function assertReference(
  transaction: MemoryTransaction,
  { field, to, requires, otherwise: Refusal }: Reference,
  state: Entity,
): void {
  const row = transaction.table(to).get(String(fieldsOf(state)[field]))
  const isFit =
    row !== undefined && Object.entries(requires ?? {}).every(([name, wanted]) => fieldsOf(row)[name] === wanted)
  if (!isFit) throw new Refusal()
}

/** Removes all dependents of an aggregate, children first, each with its event. */
function removeDependents(transaction: MemoryTransaction, removal: RecordedChange, all: Aggregates): void {
  for (const one of dependentsOf(removal.of, all)) removeFrom(transaction, one, removal)
}

function removeFrom(transaction: MemoryTransaction, of: Aggregate, removal: RecordedChange): void {
  const { of: root, state, event } = removal
  const table = transaction.table(of)
  for (const row of [...table.values()]) {
    if (!isDependentOf(transaction, of, row, root, state.id)) continue
    transaction.set(table, row.id, null)
    if (of.removed === null || event === null) continue
    const last = {
      ...row,
      version: versionOf(row) + 1,
      updatedAt: notBefore(fieldsOf(row)['updatedAt'] as Date, event.time),
    }
    transaction.raise(of.removed.of(last as never), removal.traceparent)
  }
}

function isDependentOf(
  transaction: MemoryTransaction,
  of: Aggregate,
  row: Entity,
  root: Aggregate,
  id: string,
): boolean {
  return of.references.some(({ field, to }) => {
    const target = String(fieldsOf(row)[field])
    if (to === root) return target === id
    const parent = transaction.table(to).get(target)
    return parent !== undefined && isDependentOf(transaction, to, parent, root, id)
  })
}

function markProcessed({ state, now, set }: MemoryTransaction, message: IncomingMessage): void {
  const { handled, latest: last } = state
  const { consumer, id, subject, version } = message
  const isOvertaken = (last.get(compositeKey(consumer, subject)) ?? 0) > version
  if (isOvertaken || handled.has(compositeKey(consumer, id))) throw new DuplicateMessage()

  set(handled, compositeKey(consumer, id), { message, handledAt: now() })
  set(last, compositeKey(consumer, subject), version)
}

function saveResult({ state, set }: MemoryTransaction, { userId, key, token }: Reservation, result: string): void {
  const known = state.key.get(compositeKey(userId, key))
  if (known?.token !== token || known.result !== null) throw new IdempotencyKeyInUse()
  set(state.key, compositeKey(userId, key), { ...known, result })
}

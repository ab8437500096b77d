import type { Document } from 'mongodb'
import { notBefore } from '../../../domains/entities/version.ts'
import { type Aggregate, type Aggregates, dependentsOf } from '../aggregate.ts'
import type { RecordedChange } from '../operation.ts'
import { BATCH_SIZE, batchesOf, documentReader, encode } from './documents.ts'
import type { EventLog } from './outbox.ts'
import type { Transaction } from './transaction.ts'

type Versioned = Readonly<{ id: string; version: number; updatedAt: Date }>
type Removal = Readonly<{ root: RecordedChange; all: Aggregates; events: EventLog }>
type Removed = Map<Aggregate, readonly unknown[]>

/**
 * Removes all dependents of an aggregate, parents first, however many, each with its event, in this transaction. A concurrent
 * addition writes one of the documents that are removed here, so the server aborts one of the two.
 */
export async function removeDependents(
  transaction: Transaction,
  root: RecordedChange,
  all: Aggregates,
  events: EventLog,
): Promise<void> {
  const removed: Removed = new Map([[root.of, [encode(root.of.columns['id'], root.state.id)]]])
  for (const dependent of dependentsOf(root.of, all).toReversed()) {
    const ids: unknown[] = []
    for (const { field, to } of dependent.references) {
      for (const targets of batchesOf(removed.get(to) ?? [])) {
        const filter = { [field]: { $in: targets } }
        for (const id of await removeMatching(transaction, dependent, filter, { root, all, events })) ids.push(id)
      }
    }
    removed.set(dependent, ids)
  }
}

/** Removes the matching documents, and returns their ids if others may refer to them. */
async function removeMatching(
  { db, session }: Transaction,
  of: Aggregate,
  filter: Document,
  { root, all, events }: Removal,
): Promise<readonly unknown[]> {
  const collection = db.collection(of.table)
  const hasDependents = dependentsOf(of, all).length > 0
  if (of.removed === null && !hasDependents) {
    await collection.deleteMany(filter, { session })
    return []
  }
  const stateOf = documentReader(of)
  const removed: unknown[] = []
  for (;;) {
    const documents = await collection.find(filter, { session, limit: BATCH_SIZE }).toArray()
    if (documents.length === 0) return removed
    const ids = documents.map(({ _id }) => _id)
    await collection.deleteMany({ _id: { $in: ids } }, { session })
    for (const document of documents) await logRemoval(of, stateOf(document) as unknown as Versioned, root, events)
    if (hasDependents) removed.push(...ids)
  }
}

/** One version later, at the time of the removal, but never before the last change. */
async function logRemoval(of: Aggregate, last: Versioned, root: RecordedChange, events: EventLog): Promise<void> {
  const { event } = root
  if (of.removed === null || event === null) return
  const state = { ...last, version: last.version + 1, updatedAt: notBefore(last.updatedAt, event.time) }
  await events.add(of.removed.of(state as never), root.traceparent)
}

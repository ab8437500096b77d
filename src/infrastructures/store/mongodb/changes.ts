import type { Document } from 'mongodb'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import type { Aggregate, Aggregates, Entity, Reference } from '../aggregate.ts'
import type { RecordedChange } from '../operation.ts'
import { documentOf, encode, keyOf, literal } from './documents.ts'
import { isDuplicate } from './errors.ts'
import type { EventLog } from './outbox.ts'
import { removeDependents } from './removals.ts'
import type { Transaction } from './transaction.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Counts the additions to a document. An addition writes this into the owner and the parent, because snapshots alone do not detect
 * a concurrent removal; two transactions that write the same document conflict.
 */
const ADDITIONS = '_additions'

/** Applies a change of one aggregate with its dependents, and adds the events. */
export async function applyChange(
  transaction: Transaction,
  change: RecordedChange,
  all: Aggregates,
  events: EventLog,
): Promise<void> {
  const { kind, of, event } = change
  if (kind !== 'add') transaction.guarded.clear()
  if (kind === 'add') await add(transaction, change)
  else if (kind === 'save' || of.hasTombstone) await save(transaction, change)
  else await remove(transaction, change)
  if (event !== null) await events.add(event, change.traceparent)
  if (kind === 'remove') await removeDependents(transaction, change, all, events)
}

async function add(transaction: Transaction, { of, state }: RecordedChange): Promise<void> {
  const { db, session } = transaction
  const document = documentOf(of, state)
  for (const reference of of.references) {
    if (of.sequence !== null && reference === of.owner) {
      document[of.sequence] = await guard(transaction, reference, state)
    } else await guardOnce(transaction, reference, state)
  }
  try {
    await db.collection(of.table).insertOne(document, { session })
  } catch (error) {
    throw isDuplicate(error) ? new Conflict({ cause: error }) : error
  }
}

/** The same, where this transaction has not done so since it last changed or removed something. */
async function guardOnce(transaction: Transaction, reference: Reference, state: Entity): Promise<void> {
  const key = `${reference.to.table} ${(state as unknown as Fields)[reference.field]} ${JSON.stringify(reference.requires)}`
  if (transaction.guarded.has(key)) return
  await guard(transaction, reference, state)
  transaction.guarded.add(key)
}

/** Makes sure that the owner or parent meets its condition, and stays so. Returns its count of additions. */
async function guard({ db, session }: Transaction, reference: Reference, state: Entity): Promise<number> {
  const { field, to, requires, otherwise: Refusal } = reference
  const found = await db
    .collection(to.table)
    .findOneAndUpdate(
      { _id: encode(to.columns['id'], (state as unknown as Fields)[field]), ...conditionsOf(to, requires) } as Document,
      { $inc: { [ADDITIONS]: 1 } },
      { session, returnDocument: 'after', projection: { [ADDITIONS]: 1 } },
    )
  if (found === null) throw new Refusal()
  return found[ADDITIONS]
}

const conditionsOf = ({ columns }: Aggregate, requires: Fields = {}): Document =>
  Object.fromEntries(Object.entries(requires).map(([field, wanted]) => [keyOf(field), encode(columns[field], wanted)]))

async function save({ db, session }: Transaction, { of, state }: RecordedChange): Promise<void> {
  const { matchedCount } = await db
    .collection(of.table)
    .updateOne(previous(of, state), updateOf(of, state), { session })
  if (matchedCount === 0 && of.removed !== null) throw new Conflict()
}

async function remove({ db, session }: Transaction, { of, state }: RecordedChange): Promise<void> {
  const { deletedCount } = await db.collection(of.table).deleteOne(previous(of, state), { session })
  if (deletedCount === 0) throw new Conflict()
}

/** The stored version that a change follows. */
function previous({ columns, removed }: Aggregate, state: Entity): Document {
  const { id, version } = state as Entity & Readonly<{ version: number }>
  return { _id: encode(columns['id'], id), ...(removed !== null && { version: version - 1 }) }
}

/** Sets what may change. What is written once keeps the first value that is not null. */
function updateOf({ columns }: Aggregate, state: Entity): Document | Document[] {
  const changing = Object.entries(columns).filter(([, { isImmutable }]) => !isImmutable)
  const values = changing.map(
    ([field, column]) => [field, column, encode(column, (state as unknown as Fields)[field])] as const,
  )
  if (changing.every(([, { isWrittenOnce }]) => !isWrittenOnce)) {
    return { $set: Object.fromEntries(values.map(([field, , value]) => [field, value])) }
  }
  const expressions = values.map(([field, { isWrittenOnce }, value]) => [
    field,
    isWrittenOnce ? { $ifNull: [`$${field}`, literal(value)] } : literal(value),
  ])
  return [{ $set: Object.fromEntries(expressions) }]
}

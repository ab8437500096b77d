import type { Db, Document } from 'mongodb'
import { AlreadyHandled } from '../../../domains/errors/repetition-errors.ts'
import type { InboxReader, IncomingMessage } from '../../../domains/ports/inbox.ts'
import { pairOf } from './documents.ts'
import { executing } from './errors.ts'
import type { Transaction } from './transaction.ts'

type Named = Document & { _id: string }

const messages = (db: Db) => db.collection<Named>('inbox')
const subjects = (db: Db) => db.collection<Named>('inbox_subjects')

/**
 * Notes that a message is processed in this transaction. The last version of its subject is a document of its own, which every
 * message of the subject writes: two of them at the same time conflict.
 */
export async function markProcessed({ db, session }: Transaction, message: IncomingMessage): Promise<void> {
  const { consumer, id, subject, version, digest } = message
  const before = await subjects(db).findOneAndUpdate(
    { _id: pairOf(consumer, subject) },
    { $max: { version }, $currentDate: { handledAt: true } },
    { session, upsert: true, returnDocument: 'before', projection: { version: 1 } },
  )
  if ((before?.['version'] ?? 0) > version) throw new AlreadyHandled()

  const { upsertedCount } = await messages(db).updateOne(
    { _id: pairOf(consumer, id) },
    { $setOnInsert: { subject, version, digest }, $currentDate: { handledAt: true } },
    { session, upsert: true },
  )
  if (upsertedCount === 0) throw new AlreadyHandled()
}

export const inboxReader = (db: Db): InboxReader => ({
  digestOf: (consumer, id) =>
    executing(async () => (await messages(db).findOne({ _id: pairOf(consumer, id) }))?.['digest'] ?? null),
})

import type { Db, Document } from 'mongodb'
import { DuplicateMessage } from '../../../domains/errors/idempotency-errors.ts'
import type { InboxReader, IncomingMessage } from '../../../domains/ports/inbox.ts'
import { compositeKey } from './documents.ts'
import { executing } from './errors.ts'
import type { Transaction } from './transaction.ts'

type Named = Document & { _id: string }

const messages = (db: Db) => db.collection<Named>('inbox')
const subjects = (db: Db) => db.collection<Named>('inbox_subjects')

/**
 * Records that this transaction processes a message. The last version of its subject is a document of its own, which every
 * message of the subject writes: two of them at the same time conflict.
 */
export async function markProcessed({ db, session }: Transaction, message: IncomingMessage): Promise<void> {
  const { consumer, id, subject, version, digest } = message
  const before = await subjects(db).findOneAndUpdate(
    { _id: compositeKey(consumer, subject) },
    { $max: { version }, $currentDate: { handledAt: true } },
    { session, upsert: true, returnDocument: 'before', projection: { version: 1 } },
  )
  if ((before?.['version'] ?? 0) > version) throw new DuplicateMessage()

  const { upsertedCount } = await messages(db).updateOne(
    { _id: compositeKey(consumer, id) },
    { $setOnInsert: { subject, version, digest }, $currentDate: { handledAt: true } },
    { session, upsert: true },
  )
  if (upsertedCount === 0) throw new DuplicateMessage()
}

export const inboxReader = (db: Db): InboxReader => ({
  processedDigest: (consumer, id) =>
    executing(async () => (await messages(db).findOne({ _id: compositeKey(consumer, id) }))?.['digest'] ?? null),
})

import type { Db, Document } from 'mongodb'
import type { Retention } from '../driver.ts'
import { batchesOf } from './documents.ts'
import { executing } from './errors.ts'

/** The number of documents per deletion. */
const PORTION = 1_000

/** Removes some expired documents; true while there may be more. */
export const mongodbPrune =
  (db: Db) =>
  ({ publishedMs, handledMs }: Retention): Promise<boolean> =>
    executing(async () => {
      const now = await clockOf(db)
      const before = (milliseconds: number) => new Date(now.getTime() - milliseconds)
      const published = before(publishedMs)
      const handled = { handledAt: { $lt: before(handledMs) } }
      const isFull = [
        await deleteSome(db, 'outbox', { publishedAt: { $lt: published }, time: { $lt: published } }, 'time'),
        await deleteSome(db, 'inbox', handled, 'handledAt'),
        await deleteSome(db, 'inbox_subjects', handled, 'handledAt'),
        await deleteSome(db, 'idempotency_keys', { expiresAt: { $lt: now } }, 'expiresAt'),
      ]
      return isFull.includes(true)
    })

/** Whether a deletion was full, so that more may be left. */
async function deleteSome(db: Db, collection: string, filter: Document, order: string): Promise<boolean> {
  const found = await db
    .collection(collection)
    .find(filter, { projection: { _id: 1 }, sort: { [order]: 1 }, limit: PORTION })
    .toArray()
  for (const ids of batchesOf(found.map(({ _id }) => _id))) {
    await db.collection(collection).deleteMany({ ...filter, _id: { $in: ids } })
  }
  return found.length === PORTION
}

/** The clock of the server. */
async function clockOf(db: Db): Promise<Date> {
  const { localTime } = await db.command({ hello: 1 })
  return localTime
}

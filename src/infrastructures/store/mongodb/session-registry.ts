import { type Db, type Document, UUID } from 'mongodb'
import { literal, NOW } from './documents.ts'
import { MAX_TIME_MS } from './reader.ts'

/** Whose last sign of life is older has died, or sleeps. Well within the time after which the key of a dead process is free. */
export const SESSIONS_TTL_MS = 4_000

/** The sessions of one process, as JSON, and until when it counts as alive. */
type Registration = Document & Readonly<{ _id: string; sessions: string; until: Date }>

const registry = (db: Db) => db.collection<Registration>('transaction_sessions')

/** Says that the process lives, and which sessions it has. */
export async function register(db: Db, process: string, sessions: Iterable<string>): Promise<void> {
  const registration = {
    _id: '$_id',
    sessions: literal(JSON.stringify([...sessions])),
    until: { $add: [NOW, SESSIONS_TTL_MS] },
  }
  await registry(db).updateOne({ _id: process }, [{ $replaceWith: registration }], {
    upsert: true,
    maxTimeMS: MAX_TIME_MS,
  })
}

export const unregister = async (db: Db, process: string): Promise<void> =>
  void (await registry(db).deleteOne({ _id: process }))

/** Rolls back what is open in these sessions; they are those of the own user. */
export async function killSessions(db: Db, sessions: readonly string[]): Promise<void> {
  if (sessions.length > 0) await db.command({ killSessions: sessions.map((id) => ({ id: new UUID(id) })) })
}

/** Kills the sessions of all processes that say nothing any more. One that comes back registers anew. */
export async function killAbandonedSessions(db: Db): Promise<void> {
  const silent = await registry(db)
    .find({ $expr: { $lte: ['$until', NOW] } })
    .toArray()
  for (const { _id, sessions, until } of silent) {
    await killSessions(db, JSON.parse(sessions))
    await registry(db).deleteOne({ _id, until })
  }
}
